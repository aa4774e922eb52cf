using Aws = Pulumi.Aws;

namespace Examples;

/// <summary>The guide's first user, mended: IAM instead of a password, commands that read, and one name in lower
/// case.</summary>
public static class PasswordUserIam
{
    public static void Create()
    {
        _ = new Aws.ElastiCache.User("test", new()
        {
            UserId = "test-user",
            UserName = "test-user",
            AccessString = "on ~app::* -@all +@read -@keyspace -@dangerous",
            Engine = "redis",
            AuthenticationMode = new Aws.ElastiCache.Inputs.UserAuthenticationModeArgs
            {
                Type = "iam",
            },
        });
    }
}
