using Jarvis.Server.Auth;
using Jarvis.Server.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Auth;

public sealed class MigrationTests
{
    [Fact]
    public async Task Accounts_and_sessions_of_the_first_version_are_taken_over()
    {
        using var data = new TestFolder();
        var session = Guid.NewGuid();
        var now = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        await using (var connection = new SqliteFile(data.File("jarvis.db"), TimeProvider.System, new Schema("auth", AuthStore.Tables)).OpenWriter())
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = """
                INSERT INTO accounts VALUES ('mira', 'Admin', 'hash', $at, $at);
                INSERT INTO sessions VALUES ($id, 'mira', x'00112233445566778899aabbccddeeff', $at, '10.0.0.1', 'a browser', 3, $at, $end)
                """;
            command.Parameters.AddWithValue("$id", session.ToByteArray());
            command.Parameters.AddWithValue("$at", now.ToUnixTimeMilliseconds());
            command.Parameters.AddWithValue("$end", now.AddDays(30).ToUnixTimeMilliseconds());
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var server = await TestServer.StartAsync(data: data.Path, now: now);
        var live = await server.Services.GetRequiredService<Sessions>().FindAsync(session, TestContext.Current.CancellationToken);
        Assert.Equal(("mira", Role.Admin, false, now.AddDays(30)), (live!.User, live.Role, live.IsWall, live.ExpiresAt));
        Assert.Equal((3, "10.0.0.1"), (live.Row.Generation, live.Row.Address));
        await server.SignInAsync();
        var store = server.Services.GetRequiredService<AuthStore>();
        Assert.True(await store.RemoveAsync("mira", TestContext.Current.CancellationToken));
        Assert.DoesNotContain(await store.SessionsAsync(now, TestContext.Current.CancellationToken), s => s.Session.User == "mira");
    }
}
