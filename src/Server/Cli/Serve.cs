using System.Globalization;
using Jarvis.Server.Hosting;

namespace Jarvis.Server.Cli;

/// <summary>Runs the server until it is stopped.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(Given given, CancellationToken cancellationToken)
    {
        var settings = new List<string>(given.Settings);
        if (given.Flags.TryGetValue("--listen", out var listen))
        {
            if (Listen(listen) is not { } parts)
            {
                await given.Console.Error.WriteLineAsync(
                    $"jarvis: --listen '{listen}' is refused: it takes an address, a port or both, as 0.0.0.0:5443, [::]:5443, 10.0.0.5 or 5443.");
                return HostingSetup.ConfigurationError;
            }

            settings.AddRange(parts);
        }

        if (given.Flags.TryGetValue("--behind-proxy", out var networks))
        {
            settings.Add("--Server:BehindProxy=true");
            settings.AddRange(networks.Split(',', StringSplitOptions.TrimEntries).Select((n, i) => string.Create(CultureInfo.InvariantCulture, $"--Server:KnownNetworks:{i}={n}")));
        }

        return await Product.BuildAsync([.. settings], given.Console.Error) is { } app ? await app.RunToEndAsync(given.Console.Error) : HostingSetup.ConfigurationError;
    }

    /// <summary>The settings that <c>ADDRESS:PORT</c>, or a part of it, stands for; null when it is none of that.</summary>
    internal static IReadOnlyList<string>? Listen(string text)
    {
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var alone)) return [Port(alone)];
        if (IsAddress(text)) return [Address(text)];
        var at = text.LastIndexOf(':');
        if (at < 0 || !ushort.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return null;
        var host = text[..at];
        return host.StartsWith('[') && host.EndsWith(']') && IsAddress(host[1..^1]) ? [Address(host[1..^1]), Port(port)]
            : !host.Contains(':', StringComparison.Ordinal) && IsAddress(host) ? [Address(host), Port(port)] : null;

        static string Address(string address) => $"--Server:Address={address}";
        static string Port(ushort port) => string.Create(CultureInfo.InvariantCulture, $"--Server:Port={port}");
    }

    private static bool IsAddress(string text) => ServerOptions.Parse(text) is not null;
}
