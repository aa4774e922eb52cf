package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/elasticache"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// TwoPasswordsUser is the guide's third user, as it is written there: two passwords in the program, and every
// command on every key.
func TwoPasswordsUser(ctx *pulumi.Context) error {
	_, err := elasticache.NewUser(ctx, "test", &elasticache.UserArgs{
		UserId:       pulumi.String("testUserId"),
		UserName:     pulumi.String("testUserName"),
		AccessString: pulumi.String("on ~* +@all"),
		Engine:       pulumi.String("redis"),
		AuthenticationMode: &elasticache.UserAuthenticationModeArgs{
			Type:      pulumi.String("password"),
			Passwords: pulumi.StringArray{pulumi.String("password1"), pulumi.String("password2")},
		},
	})
	return err
}
