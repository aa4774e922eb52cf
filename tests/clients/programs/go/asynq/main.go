package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"clients/where"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

func main() {
	ctx := context.Background()
	options := asynq.RedisClientOpt{Addr: where.Address(), Username: where.User(), Password: where.Password()}
	probe := options.MakeRedisClient().(redis.UniversalClient)
	if err := probe.Get(ctx, where.Probe).Err(); !errors.Is(err, redis.Nil) {
		where.Must(err)
	}
	where.Must(probe.Close())
	client := asynq.NewClient(options)
	if where.Working() {
		done := make(chan string, 10)
		server := asynq.NewServer(options, asynq.Config{
			Concurrency:              1,
			LogLevel:                 asynq.ErrorLevel,
			DelayedTaskCheckInterval: 100 * time.Millisecond,
			TaskCheckInterval:        100 * time.Millisecond,
			RetryDelayFunc:           func(int, error, *asynq.Task) time.Duration { return time.Millisecond },
		})
		mux := asynq.NewServeMux()
		mux.HandleFunc("letter", func(_ context.Context, task *asynq.Task) error {
			_, err := task.ResultWriter().Write([]byte("sent"))
			done <- task.Type()
			return err
		})
		mux.HandleFunc("broken", func(_ context.Context, task *asynq.Task) error {
			done <- task.Type()
			return errors.New("on purpose")
		})
		where.Must(server.Start(mux))
		for _, task := range []struct {
			kind    string
			options []asynq.Option
		}{
			{"letter", []asynq.Option{asynq.Retention(time.Minute)}},
			{"letter", []asynq.Option{asynq.ProcessIn(time.Second)}},
			{"letter", []asynq.Option{asynq.Unique(time.Minute)}},
			{"broken", []asynq.Option{asynq.MaxRetry(1)}},
		} {
			_, err := client.EnqueueContext(ctx, asynq.NewTask(task.kind, nil), task.options...)
			where.Must(err)
		}
		for range 5 {
			select {
			case <-done:
			case <-time.After(60 * time.Second):
				fmt.Fprintln(os.Stderr, "a task was not worked off")
				os.Exit(1)
			}
		}
		time.Sleep(6 * time.Second) // a heartbeat
		server.Shutdown()
		inspector := asynq.NewInspector(options)
		_, err := inspector.GetQueueInfo("default")
		where.Must(err)
		where.Must(inspector.Close())
	}
	where.Must(client.Close())
}
