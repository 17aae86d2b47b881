using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Proxmox.Tests;

public sealed class SessionTests
{
    private const string Version = """{"data":{"version":"9.1.6"}}""";
    private const string Started = """{"data":"UPID:pve1:00000D07:0000DAB9:5FBE5E87:qmstart:100:root@pam:"}""";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_login_gets_one_ticket_sends_it_encoded_and_adds_the_CSRF_token_to_writes()
    {
        await using var server = new HostileServer(TicketServer(() => "PVE:root@pam:5FBE5C9B::ab+/c=="));
        using var client = new ProxmoxClient(
            Clients.Options(server) with { Credential = ProxmoxCredential.FromLogin("root@pam", "p&w=1") }, TimeProvider.System);
        await client.GetVersionAsync(Now);
        await client.StartGuestAsync("pve1", GuestType.Qemu, 100, Now);

        var (login, read, write) = (server.Requests.ElementAt(0), server.Requests.ElementAt(1), server.Requests.ElementAt(2));
        Assert.Equal("username=root%40pam&password=p%26w%3D1", login.Body);
        Assert.Equal("PVEAuthCookie=PVE%3Aroot%40pam%3A5FBE5C9B%3A%3Aab%2B%2Fc%3D%3D", read.Headers["Cookie"]);
        Assert.False(read.Headers.ContainsKey("CSRFPreventionToken"));
        Assert.Equal("5FBE5C9B:csrf", write.Headers["CSRFPreventionToken"]);
        Assert.False(write.Headers.ContainsKey("Authorization"));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_ticket_is_renewed_with_itself_after_an_hour_and_with_the_password_when_that_fails()
    {
        var clock = new FakeTimeProvider();
        var issued = 0;
        var isRenewable = true;
        await using var server = new HostileServer((heard, wire) => heard.Target.EndsWith("/ticket", StringComparison.Ordinal)
            && !isRenewable && heard.Body.Contains("PVE%3A", StringComparison.Ordinal)
                ? wire.JsonAsync("""{"data":null}""", 401, "authentication failure")
                : TicketServer(() => $"PVE:root@pam:{++issued:X8}::x")(heard, wire));
        using var client = new ProxmoxClient(
            Clients.Options(server) with { Credential = ProxmoxCredential.FromLogin("root@pam", "secret") }, clock);

        await client.GetVersionAsync(Now);
        clock.Advance(TimeSpan.FromMinutes(61));
        await client.GetVersionAsync(Now);
        isRenewable = false;
        clock.Advance(TimeSpan.FromMinutes(61));
        await client.GetVersionAsync(Now);

        var logins = server.Requests.Where(heard => heard.Target.EndsWith("/ticket", StringComparison.Ordinal)).Select(heard => heard.Body);
        Assert.Equal(
            [
                "username=root%40pam&password=secret",
                "username=root%40pam&password=PVE%3Aroot%40pam%3A00000001%3A%3Ax",
                "username=root%40pam&password=PVE%3Aroot%40pam%3A00000002%3A%3Ax",
                "username=root%40pam&password=secret",
            ],
            logins);
    }

    [Fact]
    public async Task A_refused_ticket_is_replaced_once()
    {
        var refused = 0;
        var serve = TicketServer(() => "PVE:root@pam:5FBE5C9B::x");
        await using var server = new HostileServer((heard, wire) =>
            heard.Method == "GET" && Interlocked.Increment(ref refused) == 1
                ? wire.JsonAsync("", 401, "permission denied - invalid PVE ticket")
                : serve(heard, wire));
        using var client = new ProxmoxClient(
            Clients.Options(server) with { Credential = ProxmoxCredential.FromLogin("root@pam", "secret") }, TimeProvider.System);
        Assert.Equal("9.1.6", (await client.GetVersionAsync(Now)).Version);
    }

    [Fact]
    public async Task A_write_with_a_refused_ticket_is_not_repeated_but_the_next_one_logs_in_anew()
    {
        var refused = 0;
        var serve = TicketServer(() => "PVE:root@pam:5FBE5C9B::x");
        await using var server = new HostileServer((heard, wire) =>
            heard.Target.EndsWith("/start", StringComparison.Ordinal) && Interlocked.Increment(ref refused) == 1
                ? wire.JsonAsync("", 401, "permission denied - invalid PVE ticket")
                : serve(heard, wire));
        using var client = new ProxmoxClient(
            Clients.Options(server) with { Credential = ProxmoxCredential.FromLogin("root@pam", "secret") }, TimeProvider.System);

        await Assert.ThrowsAsync<ProxmoxException>(() => client.StartGuestAsync("pve1", GuestType.Qemu, 100, Now));
        Assert.Equal(2, server.Requests.Count);
        await client.StartGuestAsync("pve1", GuestType.Qemu, 100, Now);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_wrong_password_is_unauthorized_and_not_in_the_message()
    {
        await using var server = HostileServer.Answering("hunter22", 401, "authentication failure for hunter22");
        using var client = new ProxmoxClient(
            Clients.Options(server) with { Credential = ProxmoxCredential.FromLogin("root@pam", "hunter22") }, TimeProvider.System);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.GetVersionAsync(Now));

        Assert.Equal(ProxmoxFailure.Unauthorized, failure.Kind);
        Assert.DoesNotContain("hunter22", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_asks_for_a_second_factor_says_what_to_do_instead()
    {
        await using var server = new HostileServer(TicketServer(() => "PVE:!tfa!%7B%22totp%22%3Atrue%7D:5FBE5C9B::x"));
        using var client = new ProxmoxClient(
            Clients.Options(server) with { Credential = ProxmoxCredential.FromLogin("root@pam", "secret") }, TimeProvider.System);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.GetVersionAsync(Now));

        Assert.Equal(ProxmoxFailure.Unauthorized, failure.Kind);
        Assert.Contains("API token", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_that_was_changed_is_read_again_after_a_refusal()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "jarvis@pve!watch=old\n", Now);
        await using var server = new HostileServer((heard, wire) =>
            heard.Headers["Authorization"].EndsWith("=new", StringComparison.Ordinal)
                ? wire.JsonAsync(Version)
                : wire.JsonAsync("", 401, "invalid token value!"));
        using var client = new ProxmoxClient(
            Clients.Options(server) with { Credential = ProxmoxCredential.FromTokenFile(file) }, TimeProvider.System);

        await Assert.ThrowsAsync<ProxmoxException>(() => client.GetVersionAsync(Now));
        Assert.Single(server.Requests);
        await File.WriteAllTextAsync(file, "jarvis@pve!watch=new\n", Now);
        Assert.Equal("9.1.6", (await client.GetVersionAsync(Now)).Version);
        File.Delete(file);
    }

    [Fact]
    public async Task A_missing_token_file_is_told_without_asking_anybody()
    {
        await using var server = HostileServer.Answering(Version);
        using var client = new ProxmoxClient(
            Clients.Options(server) with { Credential = ProxmoxCredential.FromTokenFile("/nowhere/token") }, TimeProvider.System);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.GetVersionAsync(Now));

        Assert.Equal(ProxmoxFailure.Unauthorized, failure.Kind);
        Assert.Contains("/nowhere/token", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("root@pam")]
    [InlineData("root@pam!x")]
    [InlineData("root!x=secret-value")]
    [InlineData("root@pam!x=secret-value;y")]
    public void A_token_in_another_form_is_refused_without_being_repeated(string token)
    {
        var failure = Assert.Throws<ArgumentException>(() => ProxmoxCredential.FromToken(token));
        Assert.DoesNotContain("secret-value", failure.Message, StringComparison.Ordinal);
        Assert.Contains("user@realm!tokenid=secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_credential_does_not_print_its_secret()
    {
        Assert.DoesNotContain("hush", ProxmoxCredential.FromToken("a@pve!b=hush").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", ProxmoxCredential.FromLogin("a@pve", "hush").ToString(), StringComparison.Ordinal);
    }

    private static Func<Heard, Wire, Task> TicketServer(Func<string> ticket) => (heard, wire) => wire.JsonAsync(
        heard.Target.EndsWith("/access/ticket", StringComparison.Ordinal)
            ? $$"""{"data":{"username":"root@pam","ticket":"{{ticket()}}","CSRFPreventionToken":"5FBE5C9B:csrf"} }"""
            : heard.Method == "GET" ? Version : Started);
}
