package main

import (
	"context"
	"time"

	"clients/where"

	"github.com/redis/rueidis"
)

func must(err error) {
	if err != nil && !rueidis.IsRedisNil(err) {
		where.Must(err)
	}
}

func main() {
	ctx := context.Background()
	client, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{where.Address()}, Username: where.User(), Password: where.Password(), DisableRetry: true})
	must(err)
	must(client.Do(ctx, client.B().Get().Key(where.Probe).Build()).Error())
	if where.Working() {
		must(client.Do(ctx, client.B().Set().Key("shop:user:1").Value("Ada").ExSeconds(60).Build()).Error())
		for range 2 {
			must(client.DoCache(ctx, client.B().Get().Key("shop:user:1").Cache(), time.Minute).Error())
		}
		must(client.Do(ctx, client.B().Hset().Key("shop:cart:1").FieldValue().FieldValue("apples", "3").Build()).Error())
		must(client.Do(ctx, client.B().Hgetall().Key("shop:cart:1").Build()).Error())
		must(client.Do(ctx, client.B().Lpush().Key("shop:queue").Element("job").Build()).Error())
		must(client.Do(ctx, client.B().Blpop().Key("shop:queue").Timeout(1).Build()).Error())
		must(client.Dedicated(func(alone rueidis.DedicatedClient) error {
			for _, answer := range alone.DoMulti(ctx,
				alone.B().Watch().Key("shop:stock:1").Build(),
				alone.B().Multi().Build(),
				alone.B().Incr().Key("shop:stock:1").Build(),
				alone.B().Expire().Key("shop:stock:1").Seconds(60).Build(),
				alone.B().Exec().Build()) {
				must(answer.Error())
			}
			return nil
		}))
		must(rueidis.NewLuaScript("return redis.call('incr', KEYS[1])").Exec(ctx, client, []string{"shop:visits"}, nil).Error())
		must(client.Do(ctx, client.B().Publish().Channel("shop:news").Message("opened").Build()).Error())
	}
	client.Close()
}
