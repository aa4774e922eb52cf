using Aws = Pulumi.Aws;

namespace Examples;

/// <summary>The guide's second user, mended: its own keys, commands that read and write them, and one name in lower
/// case.</summary>
public static class IamUserScoped
{
    public static void Create()
    {
        _ = new Aws.ElastiCache.User("test", new()
        {
            UserId = "test-user",
            UserName = "test-user",
            AccessString = "on ~app:* -@all +@read +@write -@keyspace -@dangerous -@scripting +del +expire",
            Engine = "redis",
            AuthenticationMode = new Aws.ElastiCache.Inputs.UserAuthenticationModeArgs
            {
                Type = "iam",
            },
        });
    }
}
