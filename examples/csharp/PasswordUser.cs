using Aws = Pulumi.Aws;

namespace Examples;

/// <summary>The guide's first user, as it is written there: a password in the program, and names in mixed case.</summary>
public static class PasswordUser
{
    public static void Create()
    {
        _ = new Aws.ElastiCache.User("test", new()
        {
            UserId = "testUserId",
            UserName = "testUserName",
            AccessString = "on ~app::* -@all +@read +@hash +@bitmap +@geo -setbit -bitfield -hset -hsetnx -hmset -hincrby -hincrbyfloat -hdel -bitop -geoadd -georadius -georadiusbymember",
            Engine = "redis",
            Passwords = new[] { "password123456789" },
        });
    }
}
