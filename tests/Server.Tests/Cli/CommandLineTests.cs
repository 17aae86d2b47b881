using Jarvis.Server.Cli;

namespace Jarvis.Server.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("frobnicate", "'frobnicate' is no verb.")]
    [InlineData("admin", "'admin' is no verb.")]
    [InlineData("--frobnicate", "--frobnicate is not known to 'jarvis serve'.")]
    [InlineData("--prot 5", "--prot is not known to 'jarvis serve'.")]
    [InlineData("--port", "--port needs a value.")]
    [InlineData("serve now", "'now' is too much.")]
    [InlineData("doctor --listen 5", "--listen is not known to 'jarvis doctor'.")]
    [InlineData("backup", "FILE|FOLDER is missing.")]
    [InlineData("backup a b", "'b' is too much.")]
    [InlineData("restore", "FILE is missing.")]
    [InlineData("restore a --replace=yes", "--replace takes no value.")]
    [InlineData("restore a --replace --replace", "--replace stands twice.")]
    [InlineData("admin reset-password --user", "--user needs a value.")]
    [InlineData("admin reset-password hunter2hunter2", "'hunter2hunter2' is too much.")]
    public async Task What_is_not_known_is_refused_with_what_is(string line, string why)
    {
        var run = await Run.Of(line.Split(' '));
        Assert.Equal(64, run.Code);
        Assert.StartsWith($"jarvis: {why}", run.Error, StringComparison.Ordinal);
        Assert.Contains("Usage: jarvis", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Every_verb_and_every_flag_is_in_its_help()
    {
        var all = await Run.Of("--help");
        foreach (var verb in Verbs.All)
        {
            Assert.Contains(verb.Meaning, all.Output, StringComparison.Ordinal);
            var own = await Run.Of([.. verb.Name.Split(' '), "--help"]);
            Assert.Equal(0, own.Code);
            Assert.All(verb.Flags, f => Assert.Contains(f.Flag.TrimEnd('='), own.Output, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("--Server:Port 5081 --Data:Folder /d", "--Server:Port=5081 --Data:Folder=/d")]
    [InlineData("--Server:Port=5081 Server:Address=::1", "--Server:Port=5081 --Server:Address=::1")]
    [InlineData("--port 5081 --data=/d --web /w", "--Server:Port=5081 --Data:Folder=/d --Web:Root=/w")]
    public void Settings_are_taken_in_every_form_that_they_had(string line, string settings)
    {
        var (given, refusal) = CommandLine.Read(Verbs.All[0], line.Split(' '), new(() => null, TextWriter.Null, TextWriter.Null));
        Assert.Null(refusal);
        Assert.Equal(settings, string.Join(' ', given!.Settings));
    }

    [Theory]
    [InlineData("5443", "--Server:Port=5443")]
    [InlineData("10.0.0.5", "--Server:Address=10.0.0.5")]
    [InlineData("0.0.0.0:5443", "--Server:Address=0.0.0.0 --Server:Port=5443")]
    [InlineData("[::]:5443", "--Server:Address=:: --Server:Port=5443")]
    [InlineData("::1", "--Server:Address=::1")]
    [InlineData("localhost:0", "--Server:Address=localhost --Server:Port=0")]
    [InlineData("my.host:5443", null)]
    [InlineData("0.0.0.0:70000", null)]
    [InlineData(":5443", null)]
    [InlineData("everywhere", null)]
    public void Listen_takes_an_address_a_port_or_both(string text, string? settings) =>
        Assert.Equal(settings, Serve.Listen(text) is { } parts ? string.Join(' ', parts) : null);

    [Theory]
    [InlineData("--listen everywhere", "--listen 'everywhere' is refused: it takes an address, a port or both")]
    [InlineData("--listen 0.0.0.0 --behind-proxy proxy.lan", "'proxy.lan' is refused: it takes a network as 10.0.0.5/32")]
    [InlineData("--behind-proxy 0.0.0.0/0", "it is everybody")]
    public async Task A_place_to_listen_that_cannot_be_ends_the_program_with_78(string line, string why)
    {
        var run = await Run.Of(line.Split(' '));
        Assert.Equal(78, run.Code);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
    }
}
