namespace Jarvis.Proxmox.Tests;

public sealed class TrustTests
{
    private const string Version = """{"data":{"version":"9.1.6"}}""";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_and_shown_and_no_credential_leaves()
    {
        await using var server = HostileServer.Answering(Version);
        using var client = new ProxmoxClient(Clients.Options(server) with { Fingerprints = [] }, TimeProvider.System);
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.GetVersionAsync(Now));

        Assert.Equal(ProxmoxFailure.Tls, failure.Kind);
        Assert.Equal(server.Fingerprint, failure.PresentedFingerprint);
        Assert.Matches("^([0-9A-F]{2}:){31}[0-9A-F]{2}$", failure.PresentedFingerprint);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_pinned_certificate_is_accepted_however_the_fingerprint_is_written()
    {
        await using var server = HostileServer.Answering(Version);
        using var client = new ProxmoxClient(
            Clients.Options(server) with
            {
                Fingerprints = [server.Fingerprint.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant()],
            },
            TimeProvider.System);
        Assert.Equal("9.1.6", (await client.GetVersionAsync(Now)).Version);
    }

    [Fact]
    public async Task The_clusters_own_CA_is_accepted_from_a_file_and_another_CA_is_not()
    {
        var certificates = new Certificates();
        var file = certificates.WriteAuthority();
        await using var own = new HostileServer((_, wire) => wire.JsonAsync(Version), certificates);
        await using var foreign = HostileServer.Answering(Version);
        using var toOwn = new ProxmoxClient(Clients.Options(own) with { Fingerprints = [], CaFile = file }, TimeProvider.System);
        using var toForeign = new ProxmoxClient(Clients.Options(foreign) with { Fingerprints = [], CaFile = file }, TimeProvider.System);

        Assert.Equal("9.1.6", (await toOwn.GetVersionAsync(Now)).Version);
        Assert.Equal(ProxmoxFailure.Tls, (await Assert.ThrowsAsync<ProxmoxException>(() => toForeign.GetVersionAsync(Now))).Kind);
        File.Delete(file);
    }

    [Fact]
    public async Task The_own_CAs_certificate_for_another_name_is_refused()
    {
        var certificates = new Certificates();
        var file = certificates.WriteAuthority();
        await using var server = new HostileServer((_, wire) => wire.JsonAsync(Version), certificates)
        {
            Certificate = certificates.Leaf("pve9", "10.0.0.9"),
        };
        using var client = new ProxmoxClient(Clients.Options(server) with { Fingerprints = [], CaFile = file }, TimeProvider.System);
        Assert.Equal(ProxmoxFailure.Tls, (await Assert.ThrowsAsync<ProxmoxException>(() => client.GetVersionAsync(Now))).Kind);
        File.Delete(file);
    }

    [Fact]
    public async Task A_certificate_that_changed_behind_our_back_is_refused()
    {
        var certificates = new Certificates();
        await using var server = new HostileServer(
            async (_, wire) =>
            {
                await wire.JsonAsync(Version);
                wire.HangUp();
            },
            certificates);
        using var client = Clients.Of(server);
        await client.GetNodeVersionAsync("a", Now);
        server.Certificate = certificates.Leaf();
        var failure = await Assert.ThrowsAsync<ProxmoxException>(() => client.GetNodeVersionAsync("b", Now));

        Assert.Equal(ProxmoxFailure.Tls, failure.Kind);
        Assert.Equal(server.Fingerprint, failure.PresentedFingerprint);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_renewed_certificate_is_followed_when_another_node_names_it()
    {
        var certificates = new Certificates();
        HostileServer? renewed = null;
        Func<Heard, Wire, Task> answer = async (heard, wire) =>
        {
            await wire.JsonAsync(heard.Target.EndsWith("/nodes", StringComparison.Ordinal)
                ? $$"""{"data":[{"node":"pve1","ssl_fingerprint":"{{renewed!.Fingerprint}}"},{"node":"pve2"}]}"""
                : Version);
            wire.HangUp();
        };
        await using var first = new HostileServer(answer, certificates);
        await using var second = new HostileServer(answer, certificates);
        renewed = first;
        using var client = Clients.Of(first, second);
        await client.GetNodeVersionAsync("a", Now);

        first.Certificate = certificates.Leaf();
        await client.GetNodeVersionAsync("b", Now);
        Assert.Equal([first.Fingerprint], client.LearnedFingerprints);
        Assert.Null(client.Statistics.Endpoints[0].CoolsUntil);

        await second.DisposeAsync();
        Assert.Equal("9.1.6", (await client.GetNodeVersionAsync("c", Now)).Version);
        Assert.Equal(2, first.Requests.Count);
    }

    [Fact]
    public async Task A_probe_shows_the_certificate_and_sends_nothing()
    {
        await using var server = HostileServer.Answering(Version);
        var probe = await ProxmoxClient.ProbeAsync(server.Address, TimeSpan.FromSeconds(5), Now);

        Assert.Equal(server.Fingerprint, probe.Fingerprint);
        Assert.Contains("CN=localhost.lab", probe.Subject, StringComparison.Ordinal);
        Assert.Contains("PVE Cluster Manager CA", probe.Issuer, StringComparison.Ordinal);
        Assert.False(probe.IsTrusted);
        Assert.NotEmpty(probe.Problems);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(401, true)]
    [InlineData(404, false)]
    [InlineData(200, false)]
    public async Task Proxmox_is_known_by_how_it_answers_strangers_who_send_nothing_secret(int status, bool expected)
    {
        await using var server = HostileServer.Answering("{}", status);

        Assert.Equal(expected, await ProxmoxClient.IsProxmoxAsync(server.Address, server.Fingerprint, TimeSpan.FromSeconds(5), Now));

        Assert.DoesNotContain(server.Requests.SelectMany(heard => heard.Headers.Keys), name => name is "Authorization" or "Cookie");
    }

    [Fact]
    public async Task What_was_learned_earlier_is_trusted_until_the_cluster_tells_anew()
    {
        var certificates = new Certificates();
        await using var server = new HostileServer((_, wire) => wire.JsonAsync(Version), certificates);
        using var client = new ProxmoxClient(
            Clients.Options(server) with { Fingerprints = [string.Join(':', Enumerable.Repeat("AB", 32))], LearnedFingerprints = [server.Fingerprint] }, TimeProvider.System);

        Assert.Equal("9.1.6", (await client.GetVersionAsync(Now)).Version);
    }

    [Fact]
    public async Task A_probe_of_a_closed_port_is_unreachable()
    {
        var server = HostileServer.Answering(Version);
        await server.DisposeAsync();
        var failure = await Assert.ThrowsAsync<ProxmoxException>(
            () => ProxmoxClient.ProbeAsync(server.Address, TimeSpan.FromSeconds(5), Now));
        Assert.Equal(ProxmoxFailure.Unreachable, failure.Kind);
    }

    [Theory]
    [InlineData("AB:CD")]
    [InlineData("")]
    [InlineData("zz")]
    public void A_fingerprint_that_is_none_is_refused(string fingerprint) =>
        Assert.Throws<ArgumentException>(() => CertificateTrust.Normalise(fingerprint));

    [Fact]
    public void A_CA_file_without_a_certificate_is_refused()
    {
        var file = Path.GetTempFileName();
        Assert.Throws<ArgumentException>(() => new CertificateTrust(new ProxmoxOptions
        {
            Endpoints = [], Credential = ProxmoxCredential.FromToken("a@pve!b=c"), CaFile = file,
        }));
        File.Delete(file);
    }
}
