package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/elasticache"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// IamUserScoped is the guide's second user, mended: its own keys, commands that read and write them, and one name
// in lower case.
func IamUserScoped(ctx *pulumi.Context) error {
	_, err := elasticache.NewUser(ctx, "test", &elasticache.UserArgs{
		UserId:       pulumi.String("test-user"),
		UserName:     pulumi.String("test-user"),
		AccessString: pulumi.String("on ~app:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire"),
		Engine:       pulumi.String("redis"),
		AuthenticationMode: &elasticache.UserAuthenticationModeArgs{
			Type: pulumi.String("iam"),
		},
	})
	return err
}
