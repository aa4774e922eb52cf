package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/elasticache"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// IamUser is the guide's second user, as it is written there: every command on every key, and names in mixed case.
func IamUser(ctx *pulumi.Context) error {
	_, err := elasticache.NewUser(ctx, "test", &elasticache.UserArgs{
		UserId:       pulumi.String("testUserId"),
		UserName:     pulumi.String("testUserName"),
		AccessString: pulumi.String("on ~* +@all"),
		Engine:       pulumi.String("redis"),
		AuthenticationMode: &elasticache.UserAuthenticationModeArgs{
			Type: pulumi.String("iam"),
		},
	})
	return err
}
