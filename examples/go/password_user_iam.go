package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/elasticache"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// PasswordUserIam is the guide's first user, mended: IAM instead of a password, commands that read, and one name in
// lower case.
func PasswordUserIam(ctx *pulumi.Context) error {
	_, err := elasticache.NewUser(ctx, "test", &elasticache.UserArgs{
		UserId:       pulumi.String("test-user"),
		UserName:     pulumi.String("test-user"),
		AccessString: pulumi.String("on ~app::* -@all +@read -@keyspace -@dangerous"),
		Engine:       pulumi.String("redis"),
		AuthenticationMode: &elasticache.UserAuthenticationModeArgs{
			Type: pulumi.String("iam"),
		},
	})
	return err
}
