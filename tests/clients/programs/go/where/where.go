// Package where says where the programs beside it connect to, and what they are asked to do: connect alone, or work.
package where

import (
	"fmt"
	"os"
)

// Probe is the key that every program reads, so that it is seen to be connected.
const Probe = "probe"

// Address is host and port.
func Address() string { return os.Getenv("CACHE_HOST") + ":" + os.Getenv("CACHE_PORT") }

// User is the name to log in with.
func User() string { return os.Getenv("CACHE_USER") }

// Password is that of the user.
func Password() string { return os.Getenv("CACHE_PASSWORD") }

// Working says whether more is asked for than to connect.
func Working() bool { return os.Args[1] == "work" }

// Must ends the program where something failed.
func Must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
