namespace Jarvis.Proxmox.Tests;

public sealed class WriteTests
{
    private const string Started = """{"data":"UPID:pve1:00000D07:0000DAB9:5FBE5E87:qmstart:100:jarvis@pve!watch:"}""";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_sends_a_form_with_a_length_and_returns_the_task()
    {
        await using var server = HostileServer.Answering(Started);
        using var client = Clients.Of(server);

        var upid = await client.ShutDownGuestAsync("pve1", GuestType.Qemu, 100, TimeSpan.FromSeconds(90), true, Now);

        var heard = Assert.Single(server.Requests);
        Assert.Equal("POST", heard.Method);
        Assert.Equal("/api2/json/nodes/pve1/qemu/100/status/shutdown", heard.Target);
        Assert.Equal("timeout=90&forceStop=1", heard.Body);
        Assert.Equal("22", heard.Headers["Content-Length"]);
        Assert.Equal("application/x-www-form-urlencoded", heard.Headers["Content-Type"]);
        Assert.Equal($"PVEAPIToken=jarvis@pve!watch={Clients.Secret}", heard.Headers["Authorization"]);
        Assert.False(heard.Headers.ContainsKey("Transfer-Encoding"));
        Assert.Equal("qmstart", upid.Type);
        Assert.Equal("jarvis@pve!watch", upid.User);
    }

    [Fact]
    public async Task A_write_without_parameters_still_says_that_its_length_is_zero()
    {
        await using var server = HostileServer.Answering(Started);
        using var client = Clients.Of(server);
        await client.StartGuestAsync("pve1", GuestType.Lxc, 101, Now);
        Assert.Equal("0", Assert.Single(server.Requests).Headers["Content-Length"]);
    }

    [Fact]
    public async Task A_delete_has_its_parameters_in_the_path_and_no_body()
    {
        await using var server = HostileServer.Answering("""{"data":null}""");
        using var client = Clients.Of(server);

        var upid = await client.DeleteVolumeAsync("pve1", "local", "local:backup/vzdump-qemu-100 ä;x.vma.zst", Now);

        var heard = Assert.Single(server.Requests);
        Assert.Null(upid);
        Assert.Equal("DELETE", heard.Method);
        Assert.Equal(
            "/api2/json/nodes/pve1/storage/local/content/local%3Abackup%2Fvzdump-qemu-100%20%C3%A4%3Bx.vma.zst", heard.Target);
        Assert.Equal("", heard.Body);
        Assert.False(heard.Headers.ContainsKey("Content-Type"));
    }

    [Fact]
    public async Task An_array_parameter_is_repeated_and_separators_are_encoded()
    {
        await using var server = HostileServer.Answering("""{"data":{"pid":4711}}""");
        using var client = Clients.Of(server);

        var pid = await client.ExecuteInGuestAsync("pve1", 100, ["df", "-h; rm", "a&b=c"], null, Now);

        Assert.Equal(4711, pid);
        Assert.Equal("command=df&command=-h%3B%20rm&command=a%26b%3Dc", Assert.Single(server.Requests).Body);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task A_segment_that_would_change_the_path_is_refused(string node)
    {
        await using var server = HostileServer.Answering(Started);
        using var client = Clients.Of(server);
        await Assert.ThrowsAsync<ArgumentException>(() => client.StartGuestAsync(node, GuestType.Qemu, 100, Now));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_slash_in_a_name_stays_within_its_segment()
    {
        await using var server = HostileServer.Answering(Started);
        using var client = Clients.Of(server);
        await client.StartGuestAsync("a/../../access/users", GuestType.Qemu, 100, Now);
        Assert.Equal("/api2/json/nodes/a%2F..%2F..%2Faccess%2Fusers/qemu/100/status/start", Assert.Single(server.Requests).Target);
    }

    [Fact]
    public async Task A_connection_lost_after_sending_leaves_the_outcome_unknown_and_nothing_is_repeated()
    {
        await using var first = new HostileServer((_, wire) =>
        {
            wire.Reset();
            return Task.CompletedTask;
        });
        await using var second = HostileServer.Answering(Started);
        using var client = Clients.Of(first, second);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.StartGuestAsync("pve1", GuestType.Qemu, 100, Now));

        Assert.Equal(ProxmoxFailure.OutcomeUnknown, failure.Kind);
        Assert.Single(first.Requests);
        Assert.Empty(second.Requests);
    }

    [Theory]
    [InlineData(200, "{\"data\":{\"pid\"")]
    [InlineData(200, "<html>")]
    [InlineData(200, "{\"data\":null}")]
    [InlineData(200, "{\"data\":\"UPID:nonsense\"}")]
    [InlineData(596, "")]
    [InlineData(599, "")]
    [InlineData(504, "")]
    public async Task An_answer_that_does_not_tell_leaves_the_outcome_unknown(int status, string body)
    {
        await using var server = HostileServer.Answering(body, status);
        using var client = Clients.Of(server);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.StartGuestAsync("pve1", GuestType.Qemu, 100, Now));

        Assert.Equal(ProxmoxFailure.OutcomeUnknown, failure.Kind);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(500, ProxmoxFailure.ServerError)]
    [InlineData(403, ProxmoxFailure.Forbidden)]
    [InlineData(401, ProxmoxFailure.Unauthorized)]
    [InlineData(595, ProxmoxFailure.Unreachable)]
    public async Task A_refusal_is_a_refusal_and_is_not_repeated(int status, ProxmoxFailure kind)
    {
        await using var server = HostileServer.Answering("", status, "VM is locked (backup)");
        using var client = Clients.Of(server);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.StartGuestAsync("pve1", GuestType.Qemu, 100, Now));

        Assert.Equal(kind, failure.Kind);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_write_that_gets_no_answer_in_time_leaves_the_outcome_unknown()
    {
        await using var server = new HostileServer((_, wire) => wire.NeverAsync());
        using var client = new ProxmoxClient(
            Clients.Options(server) with { Timeout = TimeSpan.FromMilliseconds(400) }, TimeProvider.System);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.StartGuestAsync("pve1", GuestType.Qemu, 100, Now));
        Assert.Equal(ProxmoxFailure.OutcomeUnknown, failure.Kind);
    }

    [Fact]
    public async Task A_write_cancelled_after_sending_leaves_the_outcome_unknown()
    {
        var heard = new TaskCompletionSource();
        await using var server = new HostileServer((_, wire) =>
        {
            heard.SetResult();
            return wire.NeverAsync();
        });
        using var client = Clients.Of(server);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Now);
        var call = client.StartGuestAsync("pve1", GuestType.Qemu, 100, source.Token);
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System, Now);
        await source.CancelAsync();
        Assert.Equal(ProxmoxFailure.OutcomeUnknown, (await Assert.ThrowsAsync<ProxmoxException>(() => call)).Kind);
    }

    [Fact]
    public async Task A_write_goes_to_the_next_endpoint_when_the_first_cannot_be_connected_to()
    {
        var gone = HostileServer.Answering(Started);
        await using var second = HostileServer.Answering(Started);
        using var client = Clients.Of(gone, second);
        await gone.DisposeAsync();

        await client.StartGuestAsync("pve1", GuestType.Qemu, 100, Now);
        Assert.Single(second.Requests);
    }

    [Fact]
    public async Task Every_write_has_a_connection_of_its_own_so_that_none_meets_a_stale_one()
    {
        await using var server = HostileServer.Answering(Started);
        using var client = Clients.Of(server);
        await client.StartGuestAsync("pve1", GuestType.Qemu, 100, Now);
        await client.StopGuestAsync("pve1", GuestType.Qemu, 100, Now);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Only_given_settings_are_changed()
    {
        await using var server = HostileServer.Answering("""{"data":null}""");
        using var client = Clients.Of(server);
        await client.ChangeGuestAsync(
            "pve1", GuestType.Lxc, 101, new GuestChange { Name = "web", Tags = "a;b", OnBoot = false, BalloonMib = 512 }, Now);

        var heard = Assert.Single(server.Requests);
        Assert.Equal("PUT", heard.Method);
        Assert.Equal("hostname=web&tags=a%3Bb&onboot=0", heard.Body);
    }

    [Fact]
    public async Task A_backup_with_nothing_to_do_starts_no_task()
    {
        await using var server = HostileServer.Answering("""{"data":"OK"}""");
        using var client = Clients.Of(server);
        Assert.Null(await client.BackUpAsync("pve1", 100, new BackupRequest { Storage = "nas", Mode = "snapshot" }, Now));
        Assert.Equal("vmid=100&storage=nas&mode=snapshot&remove=0", Assert.Single(server.Requests).Body);
    }
}
