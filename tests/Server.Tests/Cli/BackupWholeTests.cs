using System.Net;
using Jarvis.Server.Cluster;
using Jarvis.Server.Persistence;
using Jarvis.Server.Tests.Cluster;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Cli;

/// <summary>A backup never holds half of what belongs together.</summary>
public sealed class BackupWholeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_cluster_that_is_being_added_is_in_it_with_its_token()
    {
        await using var server = await TestServer.StartAsync(data: Data);
        var began = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(_folder.Path, "copy.tar.gz.*.d") { NotifyFilter = NotifyFilters.DirectoryName };
        watcher.Created += (_, e) => began.TrySetResult(e.FullPath);
        watcher.EnableRaisingEvents = true;
        Task<Run> backup;
        using (await server.Services.GetRequiredService<DataFolder>().ChangeAsync(Stop))
        {
            await server.Services.GetRequiredService<ClusterStore>().SaveAsync(new() { Key = "lab", Name = "lab", Address = new("https://127.0.0.1:1/") }, Stop);
            backup = Task.Run(() => Run.Of("backup", _folder.File("copy.tar.gz"), "--data", Data), Stop);
            Assert.Empty(Directory.EnumerateFileSystemEntries(await began.Task.WaitAsync(TimeSpan.FromSeconds(20), Stop)));
            server.Services.GetRequiredService<TokenFiles>().Write("lab", "root@pam!lab=secret");
            Assert.False(backup.IsCompleted);
        }

        Assert.Equal((0, ""), ((await backup).Code, (await backup).Error));
        Assert.Equal(["lab"], await ClustersAsync("copy.tar.gz"));
    }

    [Fact]
    public async Task Copies_made_while_clusters_come_and_go_hold_each_row_with_its_token_and_no_other()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        var data = rig.Server.Services.GetRequiredService<DataFolder>().Path;
        var coming = ComeAndGoAsync();
        var made = 0;
        for (; !coming.IsCompleted || made == 0; made++) Assert.Equal(0, (await Run.Of("backup", _folder.File($"{made}.tar.gz"), "--data", data)).Code);
        await coming;

        for (var i = 0; i < made; i++) await ClustersAsync($"{i}.tar.gz");

        // Fewer than may be tried in a row.
        async Task ComeAndGoAsync()
        {
            for (var i = 0; i < 10; i++)
            {
                using var added = await rig.AskAsync(HttpMethod.Post, "/api/clusters", new { key = "lab", address = ClusterRig.AddressOf(host), fingerprint = ClusterRig.FingerprintOf(host), token = host.Token });
                Assert.Equal(HttpStatusCode.Created, added.StatusCode);
                using var removed = await rig.AskAsync(HttpMethod.Delete, "/api/clusters/lab");
                Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
            }
        }
    }

    [Fact]
    public async Task Links_are_not_followed_and_are_named()
    {
        if (OperatingSystem.IsWindows()) return;
        await using (await TestServer.StartAsync(data: Data))
        {
        }

        await File.WriteAllTextAsync(_folder.File("elsewhere"), "not of this folder", Stop);
        File.CreateSymbolicLink(Path.Combine(Data, "file"), _folder.File("elsewhere"));
        Directory.CreateSymbolicLink(Path.Combine(Data, "loop"), Data);

        var run = await Run.Of("backup", _folder.File("copy.tar.gz"), "--data", Data);

        Assert.Equal(0, run.Code);
        Assert.Contains($"Not in it, because it is a link: {Path.Combine(Data, "file")} → {_folder.File("elsewhere")}\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"Not in it, because it is a link: {Path.Combine(Data, "loop")} → {Data}\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Run.Of("restore", _folder.File("copy.tar.gz"), "--data", _folder.File("back"))).Code);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder.File("back")), e => Path.GetFileName(e) is "file" or "loop");
    }

    /// <summary>The clusters in a backup, each held to have its token.</summary>
    private async Task<IReadOnlyList<string>> ClustersAsync(string archive)
    {
        var folder = _folder.File($"{archive}.restored");
        Assert.Equal(0, (await Run.Of("restore", _folder.File(archive), "--data", folder)).Code);
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "jarvis.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT key FROM clusters ORDER BY key";
        using var reader = command.ExecuteReader();
        var keys = new List<string>();
        while (reader.Read()) keys.Add(reader.GetString(0));
        var tokens = Path.Combine(folder, "clusters");
        Assert.Equal(keys, Directory.Exists(tokens) ? Directory.EnumerateFiles(tokens).Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal) : []);
        return keys;
    }
}
