package main

import (
	"context"
	"errors"
	"time"

	"clients/where"

	"github.com/redis/go-redis/v9"
)

func must(err error) {
	if !errors.Is(err, redis.Nil) {
		where.Must(err)
	}
}

func main() {
	ctx := context.Background()
	client := redis.NewClient(&redis.Options{Addr: where.Address(), Username: where.User(), Password: where.Password(), MaxRetries: -1})
	must(client.Get(ctx, where.Probe).Err())
	if where.Working() {
		must(client.Set(ctx, "shop:user:1", "Ada", time.Minute).Err())
		must(client.MGet(ctx, "shop:user:1", "shop:user:2").Err())
		must(client.HSet(ctx, "shop:cart:1", "apples", 3).Err())
		must(client.HGetAll(ctx, "shop:cart:1").Err())
		must(client.LPush(ctx, "shop:queue", "job").Err())
		must(client.BLPop(ctx, time.Second, "shop:queue").Err())
		must(client.ZAdd(ctx, "shop:scores", redis.Z{Score: 1, Member: "Ada"}).Err())
		_, err := client.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
			pipe.Incr(ctx, "shop:stock:1")
			pipe.Expire(ctx, "shop:stock:1", time.Minute)
			return nil
		})
		must(err)
		must(redis.NewScript("return redis.call('incr', KEYS[1])").Run(ctx, client, []string{"shop:visits"}).Err())
		subscription := client.Subscribe(ctx, "shop:news")
		_, err = subscription.Receive(ctx)
		must(err)
		must(client.Publish(ctx, "shop:news", "opened").Err())
		_, err = subscription.ReceiveMessage(ctx)
		must(err)
		must(subscription.Close())
	}
	must(client.Close())
}
