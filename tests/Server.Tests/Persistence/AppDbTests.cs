using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Server.Tests.Persistence;

public sealed class AppDbTests : IDisposable
{
    private const string Pets = "CREATE TABLE pets (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)";
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_feature_brings_its_own_table()
    {
        using (var host = await Start(Pets))
        {
            await Db(host).WriteAsync(Adding("Rex"), Stop);
            await host.StopAsync(Stop);
        }

        using var again = await Start(Pets);
        Assert.Equal("Rex", await Ask(again, "SELECT name FROM pets"));
        Assert.Null(Db(again).Trouble);
        await again.StopAsync(Stop);
    }

    [Fact]
    public async Task A_later_step_changes_the_table_that_is_there()
    {
        using (var host = await Start(Pets))
        {
            await Db(host).WriteAsync(Adding("Rex"), Stop);
            await host.StopAsync(Stop);
        }

        using var later = await Start(Pets, "ALTER TABLE pets ADD COLUMN age INTEGER NOT NULL DEFAULT 7");
        Assert.Equal(7L, await Ask(later, "SELECT age FROM pets WHERE name = 'Rex'"));
        await later.StopAsync(Stop);
    }

    [Fact]
    public async Task A_step_that_fails_changes_nothing_and_the_server_goes_on()
    {
        using (var broken = await Start(Pets, "CREATE TABLE toys (id INTEGER PRIMARY KEY)", "NONSENSE"))
        {
            Assert.Contains("NONSENSE", Db(broken).Trouble, StringComparison.Ordinal);
            await broken.StopAsync(Stop);
        }

        using var good = await Start(Pets);
        Assert.Equal(0L, await Ask(good, "SELECT count(*) FROM sqlite_master WHERE name = 'toys'"));
        Assert.Null(Db(good).Trouble);
        await good.StopAsync(Stop);
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_left_alone()
    {
        using (var newer = await Start(Pets, "CREATE TABLE toys (id INTEGER PRIMARY KEY)")) await newer.StopAsync(Stop);

        using var older = await Start(Pets);

        Assert.Contains("newer version", Db(older).Trouble, StringComparison.Ordinal);
        await older.StopAsync(Stop);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_told_and_used_once_it_is_gone()
    {
        await File.WriteAllTextAsync(_folder.File("jarvis.db"), new string('x', 5000), Stop);
        using var host = await Start(Pets);
        var db = Db(host);
        Assert.Contains("not a database", db.Trouble, StringComparison.Ordinal);
        Assert.Contains("not a database", (await Assert.ThrowsAsync<SqliteException>(() => Ask(host, "SELECT 1"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SqliteException>(() => db.WriteAsync(Adding("Rex"), Stop));

        File.Delete(_folder.File("jarvis.db"));
        for (var i = 0; i < 100_000 && db.Trouble is not null; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        Assert.Null(db.Trouble);
        await db.WriteAsync(Adding("Rex"), Stop);
        Assert.Equal(1L, await Ask(host, "SELECT count(*) FROM pets"));
        await host.StopAsync(Stop);
    }

    [Fact]
    public async Task A_write_that_fails_changes_nothing_and_the_next_one_works()
    {
        using var host = await Start(Pets);
        await Assert.ThrowsAsync<SqliteException>(() => Db(host).WriteAsync(
            connection =>
            {
                Adding("Rex")(connection);
                Adding("Rex")(connection);
            },
            Stop));
        Assert.Equal(0L, await Ask(host, "SELECT count(*) FROM pets"));

        await Db(host).WriteAsync(Adding("Rex"), Stop);
        Assert.Equal(1L, await Ask(host, "SELECT count(*) FROM pets"));
        await host.StopAsync(Stop);
    }

    [Fact]
    public async Task Many_at_once_write_one_after_another()
    {
        using var host = await Start(Pets);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => Db(host).WriteAsync(Adding($"pet {i}"), Stop), Stop)));
        Assert.Equal(50L, await Ask(host, "SELECT count(*) FROM pets"));
        await host.StopAsync(Stop);
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        using var host = await Start(Pets);
        await Assert.ThrowsAsync<SqliteException>(() => Ask(host, "INSERT INTO pets (name) VALUES ('Rex')"));
        await host.StopAsync(Stop);
    }

    [Fact]
    public async Task Two_schemas_of_one_name_are_a_mistake()
    {
        var builder = Builder(Pets);
        builder.AddSchema("pets", "CREATE TABLE others (id INTEGER PRIMARY KEY)");
        using var host = builder.Build();
        var mistake = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Stop));
        Assert.Contains("pets", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_files_are_their_owners_alone()
    {
        using var host = await Start(Pets);
        await host.StopAsync(Stop);
        Assert.True(OperatingSystem.IsWindows()
            || File.GetUnixFileMode(_folder.File("jarvis.db")) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task An_empty_folder_is_refused(string folder)
    {
        var builder = Builder(Pets);
        builder.Configuration["Data:Folder"] = folder;
        using var host = builder.Build();
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Stop));
        Assert.Contains("a folder that the server may write to", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_servers_do_not_share_a_folder()
    {
        using var first = await Start(Pets);
        using var second = Builder(Pets).Build();
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => second.StartAsync(Stop));
        Assert.Contains(_folder.Path, refused.Message, StringComparison.Ordinal);
        await first.StopAsync(Stop);
        first.Dispose();
        using var third = await Start(Pets);
        await third.StopAsync(Stop);
    }

    public void Dispose() => _folder.Dispose();

    private static AppDb Db(IHost host) => host.Services.GetRequiredService<AppDb>();

    private static async Task<object?> Ask(IHost host, string sql) => await Db(host).ReadAsync(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar();
        },
        Stop);

    private static Action<SqliteConnection> Adding(string name) => connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO pets (name) VALUES ($name)";
        command.Parameters.AddWithValue("$name", name);
        command.ExecuteNonQuery();
    };

    private HostApplicationBuilder Builder(params string[] steps)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Configuration.AddInMemoryCollection([new("Data:Folder", _folder.Path)]);
        builder.AddPersistence();
        builder.AddSchema("pets", steps);
        return builder;
    }

    private async Task<IHost> Start(params string[] steps)
    {
        var host = Builder(steps).Build();
        await host.StartAsync(Stop);
        return host;
    }
}
