package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/elasticache"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// TwoPasswordsUserIam is the guide's third user, mended: with IAM there is nothing to rotate, since its tokens end
// after minutes.
func TwoPasswordsUserIam(ctx *pulumi.Context) error {
	_, err := elasticache.NewUser(ctx, "test", &elasticache.UserArgs{
		UserId:       pulumi.String("rotation-user"),
		UserName:     pulumi.String("rotation-user"),
		AccessString: pulumi.String("on ~sessions:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire"),
		Engine:       pulumi.String("redis"),
		AuthenticationMode: &elasticache.UserAuthenticationModeArgs{
			Type: pulumi.String("iam"),
		},
	})
	return err
}
