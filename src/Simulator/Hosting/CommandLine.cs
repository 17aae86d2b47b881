using System.Globalization;
using System.Net;

namespace Jarvis.Simulator.Hosting;

/// <summary>The flags of the program; anything wrong is an <see cref="ArgumentException"/> that names what is legal.</summary>
internal static class CommandLine
{
    public const string Usage =
        "--scenario homelab|three-nodes|fleet [--nodes N --guests M] [--listen 127.0.0.1:8006] [--admin-port P] "
        + "[--user root@pam --password S] [--token 'root@pam!test=UUID'] [--seed N] [--speed X] [--single-endpoint] "
        + "[--data DIR] [--clock-origin ISO] [--terminal]";

    public static SimulatorOptions Parse(IReadOnlyList<string> words)
    {
        var options = new SimulatorOptions();
        for (var i = 0; i < words.Count; i++)
        {
            var name = words[i];
            var equals = name.StartsWith("--", StringComparison.Ordinal) ? name.IndexOf('=', StringComparison.Ordinal)
                : -1;
            string Value() => equals > 0 ? name[(equals + 1)..]
                : ++i < words.Count ? words[i] : throw new ArgumentException($"{name} needs a value");
            options = (equals > 0 ? name[..equals] : name) switch
            {
                "--scenario" => options with { Scenario = OneOf("--scenario", Value(), ScenarioCatalogue.Names) },
                "--nodes" => options with { Nodes = Whole("--nodes", Value(), 1, 250) },
                "--guests" => options with { Guests = Whole("--guests", Value(), 0, 50_000) },
                "--listen" => options with { Listen = Address(Value()) },
                "--admin-port" => options with { AdminPort = Whole("--admin-port", Value(), 0, 65535) },
                "--user" => options with { User = Value() },
                "--password" => options with { Password = Value() },
                "--token" => options with { Token = Value() },
                "--seed" => options with { Seed = Whole("--seed", Value(), int.MinValue, int.MaxValue) },
                "--speed" => options with { Speed = Speed(Value()) },
                "--clock-origin" => options with { ClockOrigin = Moment(Value()) },
                "--data" => options with { DataFolder = Value() },
                "--single-endpoint" => options with { SingleEndpoint = true },
                "--terminal" => options with { Terminal = true },
                _ => throw new ArgumentException($"unknown flag '{name}'; legal: {Usage}"),
            };
        }
        return Check(options);
    }

    private static SimulatorOptions Check(SimulatorOptions options) =>
        options.Scenario != "fleet" && (options.Nodes ?? options.Guests) is not null
            ? throw new ArgumentException("--nodes and --guests go with --scenario fleet only")
            : options.User is null != options.Password is null
                ? throw new ArgumentException("--user and --password go together")
                : options;

    private static string OneOf(string flag, string value, IReadOnlyList<string> legal) =>
        legal.Contains(value) ? value
            : throw new ArgumentException($"{flag} must be one of {string.Join(", ", legal)}, not '{value}'");

    private static int Whole(string flag, string value, int low, int high) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && n >= low
            && n <= high
            ? n : throw new ArgumentException($"{flag} must be a whole number from {low} to {high}, not '{value}'");

    private static double Speed(string value) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= 100_000
            ? n : throw new ArgumentException($"--speed must be a number above 0 and at most 100000, not '{value}'");

    private static DateTimeOffset Moment(string value) =>
        DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at : throw new ArgumentException($"--clock-origin must be a moment as 2026-01-31T12:00:00Z, not '{value}'");

    private static IPEndPoint Address(string value) =>
        value.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(value, out var address)
            && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            ? address : throw new ArgumentException($"--listen must be an IPv4 address and a port, as 127.0.0.1:8006, not '{value}'");
}
