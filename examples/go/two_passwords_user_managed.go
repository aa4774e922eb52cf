package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/elasticache"
	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// TwoPasswordsUserManaged is the guide's third user for teams that keep passwords: both are generated, and replaced
// one after the other.
func TwoPasswordsUserManaged(ctx *pulumi.Context) error {
	current, err := random.NewRandomPassword(ctx, "current", &random.RandomPasswordArgs{
		Length:  pulumi.Int(32),
		Special: pulumi.Bool(false),
	})
	if err != nil {
		return err
	}
	next, err := random.NewRandomPassword(ctx, "next", &random.RandomPasswordArgs{
		Length:  pulumi.Int(32),
		Special: pulumi.Bool(false),
	})
	if err != nil {
		return err
	}
	_, err = elasticache.NewUser(ctx, "test", &elasticache.UserArgs{
		UserId:       pulumi.String("rotation-user"),
		UserName:     pulumi.String("rotation-user"),
		AccessString: pulumi.String("on ~sessions:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire"),
		Engine:       pulumi.String("redis"),
		AuthenticationMode: &elasticache.UserAuthenticationModeArgs{
			Type:      pulumi.String("password"),
			Passwords: pulumi.StringArray{current.Result, next.Result},
		},
	})
	return err
}
