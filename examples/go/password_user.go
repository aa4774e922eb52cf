package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/elasticache"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// PasswordUser is the guide's first user, as it is written there: a password in the program, and names in mixed
// case.
func PasswordUser(ctx *pulumi.Context) error {
	_, err := elasticache.NewUser(ctx, "test", &elasticache.UserArgs{
		UserId:       pulumi.String("testUserId"),
		UserName:     pulumi.String("testUserName"),
		AccessString: pulumi.String("on ~app::* -@all +@read +@hash +@bitmap +@geo -setbit -bitfield -hset -hsetnx -hmset -hincrby -hincrbyfloat -hdel -bitop -geoadd -georadius -georadiusbymember"),
		Engine:       pulumi.String("redis"),
		Passwords:    pulumi.StringArray{pulumi.String("password123456789")},
	})
	return err
}
