using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Jarvis.Server.Auth;
using Jarvis.Server.Cluster.History;
using Jarvis.Server.Events;
using Jarvis.Server.Persistence;
using Jarvis.Server.Tests.Events;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Cli;

public sealed class BackupTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => _folder.File("data");
    private string Archive => _folder.File("copy.tar.gz");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_copy_made_while_everything_is_written_starts_as_the_server_was()
    {
        Signed signed;
        long before, after;
        await using (var server = await TestServer.StartAsync([("Server:Address", "0.0.0.0"), ("Tls:Names:0", "jarvis.test")], Data)) await FillAsync(server);
        await using (var server = await TestServer.StartAsync(data: Data))
        {
            await server.AddAccountAsync("vera", Role.Viewer, "her own password");
            signed = await server.SignInAsync();
            var events = server.Services.GetRequiredService<EventLog>();
            before = await events.AppendAsync(LogFixture.Some("before"), Stop);
            using var writing = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            var writer = WriteAsync(server, writing.Token);

            var run = await Run.Of("backup", Archive, "--data", Data);

            await writing.CancelAsync();
            await writer;
            after = await events.AppendAsync(LogFixture.Some("after"), Stop);
            Assert.Equal((0, ""), (run.Code, run.Error));
            Assert.Contains("keep it as you keep a private key", run.Output, StringComparison.Ordinal);
        }

        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Archive));
        Assert.Equal(["copy.tar.gz", "data"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var elsewhere = _folder.File("elsewhere");
        Assert.Equal(0, (await Run.Of("restore", Archive, "--data", elsewhere)).Code);
        var kept = Rows(Path.Combine(elsewhere, "events.db"), "SELECT id, hex(hash) FROM events ORDER BY id");
        var written = Rows(Path.Combine(Data, "events.db"), "SELECT id, hex(hash) FROM events ORDER BY id");
        Assert.InRange(kept.Count, before, after);
        Assert.Equal(written.Take(kept.Count), kept);

        await using var restored = await TestServer.StartAsync(data: elsewhere, password: null);
        using var renewed = await restored.SendAsync(HttpMethod.Post, "/api/auth/refresh", cookie: signed.RefreshCookie);
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        Assert.Equal("vera", (await restored.SignInAsync("vera", "her own password")).Body.GetProperty("user").GetString());
        var log = restored.Services.GetRequiredService<EventLog>();
        var verified = await log.VerifyAsync(Stop);
        Assert.True(verified.Ok, verified.Why);
    }

    [Fact]
    public async Task Every_row_every_file_and_every_mode_comes_back()
    {
        await using (var server = await TestServer.StartAsync([("Server:Address", "0.0.0.0"), ("Demo:Scenario", "homelab")], Data)) await FillAsync(server);
        Directory.CreateDirectory(Path.Combine(Data, "secrets"));
        await File.WriteAllTextAsync(Path.Combine(Data, "secrets", "token-lab"), "jarvis@pve!watch=0", Stop);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(Data, "secrets", "token-lab"), UnixFileMode.UserRead);
        var before = Picture(Data);
        Assert.Superset(new HashSet<string> { "events.db", "history.db", "jarvis.db", "safety.db", "safety.key", "events.key", "signing.key", "tls/ca.pem", "tls/ca.key", "demo/token", "secrets/token-lab" }, before.Keys.ToHashSet());

        Assert.Equal(0, (await Run.Of("backup", Archive, "--data", Data)).Code);
        var elsewhere = _folder.File("a/b/elsewhere");
        Directory.CreateDirectory(_folder.File("a/b"));
        Assert.Equal(0, (await Run.Of("restore", Archive, "--data", elsewhere + "/")).Code);
        Assert.Equal(before, Picture(elsewhere));
        foreach (var folder in Directory.EnumerateDirectories(elsewhere, "*", SearchOption.AllDirectories).Append(elsewhere))
        {
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_is_put_aside_only_when_told()
    {
        await MakeAsync();
        var refused = await Run.Of("restore", Archive, "--data", Data);
        Assert.Equal(1, refused.Code);
        Assert.Contains("is not empty. --replace puts it aside", refused.Error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(Data, "signing.key"), "changed since", Stop);
        var replaced = await Run.Of("restore", Archive, "--data", Data, "--replace");
        Assert.Equal(0, replaced.Code);
        var aside = Assert.Single(Directory.EnumerateDirectories(_folder.Path, "data.before-*"));
        Assert.Contains(aside, replaced.Output, StringComparison.Ordinal);
        Assert.Equal("changed since", await File.ReadAllTextAsync(Path.Combine(aside, "signing.key"), Stop));
        Assert.Equal(32, new FileInfo(Path.Combine(Data, "signing.key")).Length);
    }

    [Fact]
    public async Task Nothing_is_restored_while_a_server_uses_the_folder()
    {
        await MakeAsync();
        await using var server = await TestServer.StartAsync(data: Data);
        var run = await Run.Of("restore", Archive, "--data", Data, "--replace");
        Assert.Equal(1, run.Code);
        Assert.Contains("a server is using", run.Error, StringComparison.Ordinal);
        Assert.Equal(["copy.tar.gz", "data"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("changed")]
    [InlineData("added")]
    [InlineData("missing")]
    [InlineData("climbing")]
    [InlineData("newer", "\"auth\": ")]
    [InlineData("newer", "\"safety\": ")]
    [InlineData("other")]
    public async Task An_archive_that_is_not_whole_restores_nothing(string how, string what = "")
    {
        await MakeAsync();
        if (how == "cut")
        {
            await using var file = new FileStream(Archive, FileMode.Open);
            file.SetLength(file.Length * 2 / 3);
        }
        else if (how == "other")
        {
            await File.WriteAllTextAsync(Archive, "no archive at all", Stop);
        }
        else
        {
            await RewriteAsync(how, what);
        }

        var before = Picture(Data);
        var run = await Run.Of("restore", Archive, "--data", Data, "--replace");
        Assert.Equal(1, run.Code);
        Assert.StartsWith("jarvis: nothing is restored: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, Picture(Data));
        Assert.Equal(["copy.tar.gz", "data"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_backup_never_takes_the_place_of_a_file_and_names_itself_in_a_folder()
    {
        await MakeAsync();
        var again = await Run.Of("backup", Archive, "--data", Data);
        Assert.Contains("is there already", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Run.Of("backup", _folder.Path, "--data", Data)).Code);
        Assert.Single(Directory.EnumerateFiles(_folder.Path, "jarvis-????????-??????.tar.gz"));
        Assert.Contains("lies in the data folder itself", (await Run.Of("backup", Path.Combine(Data, "x.tar.gz"), "--data", Data)).Error, StringComparison.Ordinal);
        Assert.Contains("there is no folder", (await Run.Of("backup", _folder.File("none/x.tar.gz"), "--data", Data)).Error, StringComparison.Ordinal);
        Assert.Contains("there is no data folder", (await Run.Of("backup", _folder.Path, "--data", _folder.File("none"))).Error, StringComparison.Ordinal);
    }

    private async Task MakeAsync()
    {
        await using (var server = await TestServer.StartAsync(data: Data)) await FillAsync(server);
        Assert.Equal(0, (await Run.Of("backup", Archive, "--data", Data)).Code);
    }

    private static async Task FillAsync(TestServer server)
    {
        var events = server.Services.GetRequiredService<EventLog>();
        for (var i = 0; i < 50; i++) await events.AppendAsync(LogFixture.Some($"Event {i}", target: $"guest/{i}"), Stop);
        var history = server.Services.GetRequiredService<MetricHistory>();
        for (var i = 0; i < 30; i++)
        {
            history.Record(new("lab", server.Time.GetUtcNow(), [new HistoryPoint("guest/100", Cpu: 0.5, Memory: i)]));
            server.Time.Advance(TimeSpan.FromSeconds(10));
        }

        await history.WrittenAsync(Stop);
    }

    private static async Task WriteAsync(TestServer server, CancellationToken cancellationToken)
    {
        var events = server.Services.GetRequiredService<EventLog>();
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            await events.AppendAsync(LogFixture.Some($"Meanwhile {i}"), Stop);
            if (i % 50 == 0) await server.AddAccountAsync($"user{i}", Role.Viewer, "a password of some length");
        }
    }

    private async Task RewriteAsync(string how, string what)
    {
        var changed = _folder.File("changed");
        await using (var from = new TarReader(new GZipStream(File.OpenRead(Archive), CompressionMode.Decompress)))
        await using (var to = new TarWriter(new GZipStream(File.Create(changed), CompressionLevel.Fastest), TarEntryFormat.Pax))
        {
            while (await from.GetNextEntryAsync(copyData: true, Stop) is { } entry)
            {
                if (how == "missing" && entry.Name == "data/signing.key") continue;
                var bytes = new MemoryStream();
                if (entry.DataStream is { } data) await data.CopyToAsync(bytes, Stop);
                if (how == "changed" && entry.Name == "data/signing.key") bytes.GetBuffer()[0] ^= 1;
                if (entry.Name == BackupManifest.Name)
                {
                    var text = Encoding.UTF8.GetString(bytes.ToArray());
                    if (how == "climbing") text = text.Replace("\"signing.key\"", "\"../signing.key\"", StringComparison.Ordinal);
                    if (how == "newer") text = System.Text.RegularExpressions.Regex.Replace(text, what + "\\d+", what + "1000");
                    bytes = new(Encoding.UTF8.GetBytes(text));
                }

                bytes.Position = 0;
                await to.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, entry.Name) { DataStream = bytes }, Stop);
            }

            if (how == "added") await to.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "data/extra") { DataStream = new MemoryStream([1]) }, Stop);
        }

        File.Move(changed, Archive, overwrite: true);
    }

    /// <summary>Each file by its path: its mode, and what it holds; of a database every row of every table.</summary>
    private static SortedDictionary<string, string> Picture(string folder)
    {
        var picture = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(folder, file);
            if (path is "in-use" or "changing" || path.EndsWith("-wal", StringComparison.Ordinal) || path.EndsWith("-shm", StringComparison.Ordinal)) continue;
            var mode = OperatingSystem.IsWindows() ? "" : File.GetUnixFileMode(file).ToString();
            picture[path] = mode + " " + (DatabaseCopy.IsDatabase(file)
                ? string.Join('\n', Rows(file, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").SelectMany(t => Rows(file, $"SELECT * FROM {t}").Prepend(t)))
                : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
        }

        return picture;
    }

    private static List<string> Rows(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : reader.GetValue(i).ToString())));
        }

        return rows;
    }
}
