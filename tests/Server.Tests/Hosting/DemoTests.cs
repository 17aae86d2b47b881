namespace Jarvis.Server.Tests.Hosting;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_leaves_the_data_folder_and_its_token_to_the_owner()
    {
        using var folder = new TestFolder();
        await using var server = await TestServer.StartAsync([("Demo:Scenario", "homelab")], data: folder.File("data"));
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.File("data")));
        Assert.Equal(owner, File.GetUnixFileMode(Path.Combine(folder.File("data"), "demo", "token")));
    }

    [Fact]
    public async Task A_demo_without_a_folder_to_write_is_refused_in_a_line()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("blocked"), "a file", TestContext.Current.CancellationToken);
        using var said = new StringWriter();
        Assert.Null(await Product.BuildAsync(["--Server:Port=0", "--Demo:Scenario=homelab", $"--Data:Folder={folder.File("blocked")}/data"], said));
        Assert.StartsWith("Demo:Scenario needs a data folder that can be written", said.ToString(), StringComparison.Ordinal);
    }
}
