using Aws = Pulumi.Aws;

namespace Examples;

/// <summary>The guide's second user, as it is written there: every command on every key, and names in mixed case.</summary>
public static class IamUser
{
    public static void Create()
    {
        _ = new Aws.ElastiCache.User("test", new()
        {
            UserId = "testUserId",
            UserName = "testUserName",
            AccessString = "on ~* +@all",
            Engine = "redis",
            AuthenticationMode = new Aws.ElastiCache.Inputs.UserAuthenticationModeArgs
            {
                Type = "iam",
            },
        });
    }
}
