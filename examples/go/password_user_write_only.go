package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/elasticache"
	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// PasswordUserWriteOnly is the guide's first user for teams that keep passwords: generated, and written to AWS
// without a way back.
func PasswordUserWriteOnly(ctx *pulumi.Context) error {
	password, err := random.NewRandomPassword(ctx, "password", &random.RandomPasswordArgs{
		Length:  pulumi.Int(32),
		Special: pulumi.Bool(false),
	})
	if err != nil {
		return err
	}
	_, err = elasticache.NewUser(ctx, "test", &elasticache.UserArgs{
		UserId:             pulumi.String("test-user"),
		UserName:           pulumi.String("test-user"),
		AccessString:       pulumi.String("on ~app::* -@all +@read -@keyspace -@dangerous"),
		Engine:             pulumi.String("redis"),
		PasswordsWo:        password.Result,
		PasswordsWoVersion: pulumi.Int(1),
	})
	return err
}
