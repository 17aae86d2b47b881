using Jarvis.Server.Auth;

namespace Jarvis.Server.Tests.Auth;

public sealed class SigningKeyTests
{
    [Fact]
    public void A_key_that_cannot_be_kept_lives_in_memory_and_says_so()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder.File("blocked"), "a file where a folder should be");
        var key = SigningKey.At(Path.Combine(folder.File("blocked"), "signing.key"));
        Assert.NotNull(key.Trouble);
        Assert.Equal(32, key.ForAccessTokens().Length);
    }

    [Fact]
    public void A_key_that_is_kept_is_the_same_after_a_restart_and_its_owners_alone()
    {
        using var folder = new TestFolder();
        var file = folder.File("signing.key");
        var first = SigningKey.At(file);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var second = SigningKey.At(file);
        Assert.Null(second.Trouble);
        Assert.Equal(first.ForAccessTokens(), second.ForAccessTokens());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_server_that_cannot_keep_anything_starts_and_lets_the_administrator_in()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("blocked"), "a file where a folder should be", TestContext.Current.CancellationToken);
        await using var server = await TestServer.StartAsync(data: Path.Combine(folder.File("blocked"), "data"));
        var signed = await server.SignInAsync();
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/clusters", bearer: signed.Access);
        answer.EnsureSuccessStatusCode();
    }
}
