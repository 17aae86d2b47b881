using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Tests.Cli;

public sealed class AuditVerifyTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_whole_audit_is_told_from_one_that_was_changed()
    {
        await using (var server = await TestServer.StartAsync(data: _folder.Path))
        {
            var signed = await server.SignInAsync();
            using var set = await server.SendAsync(HttpMethod.Put, "/api/monitor/killswitch", new { active = true }, signed.Access);
            set.EnsureSuccessStatusCode();
            var running = await Run.WithInput("", "audit", "verify", "--data", _folder.Path);
            Assert.Equal((0, "The audit is whole: 1 rows, the texts of 0 deleted.\n"), (running.Code, running.Output));
        }

        await using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _folder.File("safety.db"), Pooling = false }.ToString()))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            using var change = connection.CreateCommand();
            change.CommandText = "DROP TRIGGER audit_stays; UPDATE audit SET actor = 'person:nobody' WHERE seq = 1";
            Assert.Equal(1, await change.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        var run = await Run.WithInput("", "audit", "verify", "--data", _folder.Path);
        Assert.Equal(1, run.Code);
        Assert.Contains("the first bad row is 1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_no_audit_it_says_so()
    {
        var run = await Run.WithInput("", "audit", "verify", "--data", _folder.Path);
        Assert.Equal(1, run.Code);
        Assert.Contains("cannot be checked", run.Error, StringComparison.Ordinal);
    }
}
