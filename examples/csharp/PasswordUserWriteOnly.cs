using Aws = Pulumi.Aws;
using Random = Pulumi.Random;

namespace Examples;

/// <summary>The guide's first user for teams that keep passwords: generated, and written to AWS without a way back.</summary>
public static class PasswordUserWriteOnly
{
    public static void Create()
    {
        var password = new Random.RandomPassword("password", new() { Length = 32, Special = false });

        _ = new Aws.ElastiCache.User("test", new()
        {
            UserId = "test-user",
            UserName = "test-user",
            AccessString = "on ~app::* -@all +@read -@keyspace -@dangerous",
            Engine = "redis",
            PasswordsWo = password.Result,
            PasswordsWoVersion = 1,
        });
    }
}
