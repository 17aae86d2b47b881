using System.Diagnostics;
using Jarvis.Server.Auth;
using Jarvis.Server.Hosting;
using Microsoft.Extensions.Configuration;

namespace Jarvis.Server.Tests.Hosting;

public sealed class SettingsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Auth:AccessMinutes", "abc", "Auth:AccessMinutes 'abc' is refused: it takes a whole number from 1 to 60.")]
    [InlineData("Auth:AccessMinutes", "0", "Auth:AccessMinutes '0' is refused: it takes a whole number from 1 to 60.")]
    [InlineData("Auth:AccessMinutes", "1.5", "Auth:AccessMinutes '1.5' is refused: it takes a whole number from 1 to 60.")]
    [InlineData("Auth:AccessMinutes", "99999999999", "Auth:AccessMinutes '99999999999' is refused: it takes a whole number from 1 to 60.")]
    [InlineData("Auth:AdminUser", "Bad Name", "Auth:AdminUser 'Bad Name' is refused: it takes 1 to 64 of a-z 0-9 . _ -, beginning with a letter or digit.")]
    [InlineData("Metrics:AllowLoopback", "maybe", "Metrics:AllowLoopback 'maybe' is refused: it takes true or false.")]
    [InlineData("Server:Port", "70000", "Server:Port '70000' is refused: it takes a whole number from 0 to 65535.")]
    [InlineData("Server:AllowedOrigins:0", "not an address", "Server:AllowedOrigins:0 'not an address' is refused: it takes a list, each an absolute address, as https://host:port.")]
    [InlineData("Server:AllowedOrigins:0", "http://a/b", "Server:AllowedOrigins: 'http://a/b' is refused: it takes scheme, host and port alone, as http://localhost:5173.")]
    [InlineData("Server:Address", "1", "Server:Address: '1' is refused: it takes an IP address or localhost; 127.0.0.1 and ::1 are this machine alone, 0.0.0.0 and :: everywhere.")]
    [InlineData("Server:Address", "my.host", "Server:Address: 'my.host' is refused: it takes an IP address or localhost; 127.0.0.1 and ::1 are this machine alone, 0.0.0.0 and :: everywhere.")]
    [InlineData("Server:BehindProxy", "true", "Server:KnownNetworks: Server:BehindProxy needs the networks that the proxy asks from, as 10.0.0.5/32 or 127.0.0.0/8.")]
    [InlineData("Server:KnownNetworks:0", "10.0.0.5/32", "Server:KnownNetworks: it goes with Server:BehindProxy=true only; without a proxy leave it out.")]
    [InlineData("Tls:CertificateFile", "/none.pem", "Tls:CertificateFile: it goes with Tls:KeyFile; give both, or neither for a certificate of an own authority.")]
    [InlineData("Tls:KeyFile", "/none.key", "Tls:KeyFile: it goes with Tls:CertificateFile; give both, or neither for a certificate of an own authority.")]
    [InlineData("Tls:Names:0", "a b", "Tls:Names: 'a b' is refused: it takes host names and IP addresses.")]
    [InlineData("Telemetry:OtlpEndpoint", "collector", "Telemetry:OtlpEndpoint 'collector' is refused: it takes an absolute address, as https://host:port.")]
    [InlineData("Demo:Scenario", "foo", "Demo:Scenario: 'foo' is refused: it takes homelab, three-nodes, fleet or nothing.")]
    [InlineData("Demo:Nodes", "3", "Demo:Nodes: is refused: Demo:Nodes and Demo:Guests go with Demo:Scenario fleet only.")]
    [InlineData("Demo:Nodes", "251", "Demo:Nodes '251' is refused: it takes a whole number from 1 to 250.")]
    [InlineData("Kestrel:Endpoints:x:Url", "http://0.0.0.0:80", "Kestrel:Endpoints is not used; set Server:Address and Server:Port.")]
    public void A_wrong_value_is_told_by_key_and_what_is_legal(string key, string value, string message) =>
        Assert.Equal([message], Check((key, value)).Errors());

    [Fact]
    public void All_mistakes_are_told_at_once() =>
        Assert.Equal(3, Check(("Auth:AccessMinutes", "0"), ("Server:Port", "x"), ("Metrics:MaxSeries", "-1")).Errors().Count);

    [Fact]
    public void The_defaults_are_legal() => Assert.Empty(Check().Errors());

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3")]
    [InlineData("::1")]
    [InlineData("localhost")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void Addresses_are_legal(string address) => Assert.Empty(Check(("Server:Address", address)).Errors());

    [Theory]
    [InlineData("10.0.0.5/33", "takes a network as 10.0.0.5/32")]
    [InlineData("proxy.lan", "takes a network as 10.0.0.5/32")]
    [InlineData("0.0.0.0/0", "it is everybody")]
    [InlineData("::/0", "it is everybody")]
    public void Only_a_network_of_proxies_is_trusted(string network, string why) =>
        Assert.Contains(why, Assert.Single(Check(("Server:BehindProxy", "true"), ("Server:KnownNetworks:0", network)).Errors()), StringComparison.Ordinal);

    [Fact]
    public void A_secret_in_the_place_of_its_file_is_not_repeated()
    {
        var check = new SettingsCheck(Configuration(("Picky:TokenFile", "hunter2hunter2")), typeof(PickyOptions).Assembly);
        var error = Assert.Single(check.Errors());
        Assert.StartsWith("Picky:TokenFile is refused", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_classes_is_checked_one_by_one()
    {
        var check = new SettingsCheck(Configuration(("Picky:TokenFile", "a/b"), ("Many:0:Count", "1"), ("Many:1:Count", "11"), ("Many:1:Cuont", "1")), typeof(PickyOptions).Assembly);
        Assert.Equal(["Many:1:Count '11' is refused: it takes a whole number from 1 to 10."], check.Errors());
        Assert.Equal(["Many:1:Cuont is not a setting; did you mean Many:*:Count?"], check.Unknown([]));
    }

    [Fact]
    public void An_unknown_key_is_told_with_the_nearest_known()
    {
        var unknown = Check(("Auth:AcessMinutes", "5")).Unknown(["Jarvis__Sever__Port", "JARVIS__METRICS__ALLOWLOOPBACK", "Jarvis__Nonsense", "PATH", "Jarvis__Logging__LogLevel__Default"]);
        Assert.Equal(
            [
                "Auth:AcessMinutes is not a setting; did you mean Auth:AccessMinutes?",
                "Nonsense is not a setting; see docs/configuration.md.",
                "Sever:Port is not a setting; did you mean Server:Port?",
            ],
            unknown);
    }

    [Fact]
    public void Every_options_class_is_sealed_and_has_a_default_for_every_setting() => Assert.All(
        SettingsClass.In(typeof(AuthOptions).Assembly),
        settings =>
        {
            Assert.True(settings.Type.IsSealed, settings.Type.Name);
            Assert.NotNull(Activator.CreateInstance(settings.Type));
        });

    [Fact]
    public async Task The_program_ends_with_78_and_a_line_a_mistake_and_no_stack()
    {
        var (code, output) = await RunAsync("--Server:Address=everywhere", "--Auth:SessionDays=0");
        Assert.Equal(78, code);
        Assert.Contains("Server:Address: 'everywhere' is refused", output, StringComparison.Ordinal);
        Assert.Contains("Auth:SessionDays '0' is refused: it takes a whole number from 1 to 365.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_program_with_a_line()
    {
        await using var server = await TestServer.StartAsync();
        using var data = new TestFolder();
        var (code, output) = await RunAsync($"--Server:Port={server.Address.Port}", $"--Data:Folder={data.Path}");
        Assert.Equal(69, code);
        Assert.Contains("Choose another with Server:Port", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_ends_the_program_with_a_line()
    {
        using var data = new TestFolder();
        var (code, output) = await RunAsync("--listen", "192.0.2.1:0", "--behind-proxy", "192.0.2.9/32", "--data", data.Path);
        Assert.Equal(69, code);
        Assert.Contains("Server:Address and Server:Port cannot be listened on: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Urls_from_elsewhere_open_no_other_door()
    {
        await using var server = await TestServer.StartAsync([("urls", "http://0.0.0.0:0"), ("http_ports", "0")]);
        Assert.Equal("127.0.0.1", server.Address.Host);
    }

    private static SettingsCheck Check(params (string Key, string Value)[] settings) => new(Configuration(settings), typeof(AuthOptions).Assembly);

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();

    private static async Task<(int Code, string Output)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(AuthOptions).Assembly.Location, .. args]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        try
        {
            var error = process.StandardError.ReadToEndAsync(Stop);
            var output = process.StandardOutput.ReadToEndAsync(Stop);
            await process.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);
            return (process.ExitCode, await error + await output);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}

/// <summary>Settings for these tests.</summary>
public sealed class PickyOptions
{
    [System.ComponentModel.DataAnnotations.RegularExpression(".*/.*", ErrorMessage = "a path")]
    public string TokenFile { get; set; } = "a/b";
}

/// <summary>A list for these tests.</summary>
public sealed class ManyOptions
{
    internal const string Section = "Many:*";

    [System.ComponentModel.DataAnnotations.Range(1, 10)]
    public int Count { get; set; } = 1;
}
