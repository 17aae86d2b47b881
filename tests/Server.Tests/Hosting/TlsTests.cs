using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Jarvis.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Hosting;

public sealed class TlsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Beyond_loopback_it_speaks_TLS_by_an_authority_of_its_own()
    {
        using var folder = new TestFolder();
        await using var server = await TestServer.StartAsync([("Server:Address", "0.0.0.0"), ("Tls:Names:0", "jarvis.test")], folder.Path);
        Assert.Equal("https", server.Address.Scheme);
        using var client = Client(folder.File("tls/ca.pem"));
        using var answer = await client.GetAsync(new Uri($"https://localhost:{server.Address.Port}/api/health/live"), Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));

        using var signed = await client.PostAsync(new Uri($"https://127.0.0.1:{server.Address.Port}/api/auth/login"),
            new StringContent($$"""{"user":"admin","password":"{{TestServer.Password}}"}""", Encoding.UTF8, "application/json"), Stop);
        Assert.Equal(HttpStatusCode.OK, signed.StatusCode);
        Assert.All(signed.Headers.GetValues("Set-Cookie"), c => Assert.Contains("; secure;", c, StringComparison.Ordinal));

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("tls/ca.key")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("tls/server.key")));
        }

        using var leaf = X509CertificateLoader.LoadCertificateFromFile(folder.File("tls/server.pem"));
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Superset(new HashSet<string> { "localhost", "jarvis.test", OwnNames.Hosts()[0] }, names.EnumerateDnsNames().ToHashSet());
        Assert.Superset(OwnNames.Addresses().Append("127.0.0.1").ToHashSet(), names.EnumerateIPAddresses().Select(a => a.ToString()).ToHashSet());
        Assert.Contains(server.Log.All, l => l.Contains("tls/ca.pem", StringComparison.Ordinal) && l.Contains("SHA-256 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Hubs_open_over_TLS_in_either_version_of_HTTP(string version)
    {
        using var folder = new TestFolder();
        await using var server = await TestServer.StartAsync([("Server:Address", "0.0.0.0")], folder.Path);
        var origin = $"https://localhost:{server.Address.Port}";
        using var client = Client(folder.File("tls/ca.pem"));
        using var login = await client.PostAsync(new Uri($"{origin}/api/auth/login"),
            new StringContent($$"""{"user":"admin","password":"{{TestServer.Password}}"}""", Encoding.UTF8, "application/json"), Stop);
        var signed = await Signed.ReadAsync(login);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = new(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.SetRequestHeader("Cookie", signed.HubCookie);
        socket.Options.SetRequestHeader("Origin", origin);
        await socket.ConnectAsync(new($"{origin.Replace("https", "wss", StringComparison.Ordinal)}/hubs/cluster"), client, Stop);
        Assert.Equal(WebSocketState.Open, socket.State);
    }

    [Fact]
    public async Task Plain_HTTP_on_the_port_is_told_where_to_go()
    {
        using var folder = new TestFolder();
        await using var server = await TestServer.StartAsync([("Server:Address", "0.0.0.0")], folder.Path);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{server.Address.Port}/api/health/live"), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("This port speaks HTTPS. Put https:// before the address.", await answer.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task The_machine_answers_to_its_own_names_and_to_the_address_that_was_asked()
    {
        using var folder = new TestFolder();
        await using var server = await TestServer.StartAsync([("Server:Address", "0.0.0.0"), ("Server:AllowedHosts:0", "jarvis.test")], folder.Path);
        Assert.Equal(200, await StatusAsync(server.Address.Port, "jarvis.test"));
        Assert.Equal(200, await StatusAsync(server.Address.Port, OwnNames.Hosts()[0]));
        Assert.Equal(200, await StatusAsync(server.Address.Port, "127.0.0.1"));
        Assert.Equal(400, await StatusAsync(server.Address.Port, "evil.example"));
        Assert.Equal(400, await StatusAsync(server.Address.Port, "192.0.2.7"));
    }

    [Fact]
    public async Task A_given_certificate_is_taken_up_again_when_its_files_change_and_kept_when_they_are_broken()
    {
        using var folder = new TestFolder();
        var (certificate, key) = (folder.File("given.pem"), folder.File("given.key"));
        Write("first");
        await using var server = await TestServer.StartAsync([("Tls:CertificateFile", certificate), ("Tls:KeyFile", key)]);
        Assert.Equal("CN=first", await PresentedAsync(server.Address.Port));
        using (var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.Subject == "CN=first" } }))
        using (var answer = await client.GetAsync(new Uri($"https://127.0.0.1:{server.Address.Port}/api/health/live"), Stop))
            Assert.Equal("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single());
        var served = server.Services.GetRequiredService<ServerCertificate>();

        Write("second");
        served.Refresh();
        Assert.Equal("CN=second", await PresentedAsync(server.Address.Port));

        await File.WriteAllTextAsync(certificate, "half a certifi", Stop);
        served.Refresh();
        served.Refresh();
        Assert.Equal("CN=second", await PresentedAsync(server.Address.Port));
        Assert.Single(server.Log.All, l => l.Contains("the one before stays in use", StringComparison.Ordinal));

        Write("third");
        served.Refresh();
        Assert.Equal("CN=third", await PresentedAsync(server.Address.Port));

        void Write(string name)
        {
            using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var made = new CertificateRequest($"CN={name}", own, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
            File.WriteAllText(certificate, made.ExportCertificatePem());
            File.WriteAllText(key, own.ExportPkcs8PrivateKeyPem());
        }
    }

    [Fact]
    public async Task Without_a_place_for_a_certificate_it_does_not_start()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("data"), "a file where the folder belongs", Stop);
        var refused = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => TestServer.StartAsync([("Server:Address", "0.0.0.0")], folder.File("data")));
        Assert.Contains("there is no certificate to listen with beyond loopback", refused.Message, StringComparison.Ordinal);
    }

    private static HttpClient Client(string authority) => new(new SocketsHttpHandler
    {
        SslOptions = new()
        {
            CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(authority) }, RevocationMode = X509RevocationMode.NoCheck },
        },
    });

    private static async Task<string> PresentedAsync(int port)
    {
        await using var tls = await ShakeHandsAsync(port);
        return tls.RemoteCertificate!.Subject;
    }

    private static async Task<int> StatusAsync(int port, string host)
    {
        await using var tls = await ShakeHandsAsync(port);
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET /api/health/live HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), Stop);
        using var reader = new StreamReader(tls);
        return int.Parse((await reader.ReadLineAsync(Stop))!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<SslStream> ShakeHandsAsync(int port)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port, Stop);
        var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync("localhost");
        return tls;
    }
}
