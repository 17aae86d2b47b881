using Jarvis.Server.Cluster;
using Jarvis.Server.Persistence;

namespace Jarvis.Server.Cli;

/// <summary>Backup and restore.</summary>
internal static class Copies
{
    public static async Task<int> BackupAsync(Given given, CancellationToken cancellationToken)
    {
        var configuration = Settings.Of(given);
        var data = Settings.Data(configuration);
        var output = given.Console.Output;
        try
        {
            var (file, manifest, links) = await new Backup(data, TimeProvider.System).MakeAsync(given.Words[0], Verbs.Version, cancellationToken);
            await output.WriteLineAsync($"{file} holds {manifest.Files.Count} files of {data.Path}, {new FileInfo(file).Length:N0} bytes.");
            await output.WriteLineAsync("It holds keys, tokens and password hashes: keep it as you keep a private key.");
            foreach (var link in links) await output.WriteLineAsync($"Not in it, because it is a link: {link} → {new FileInfo(link).LinkTarget}");
            foreach (var elsewhere in Elsewhere(configuration, data)) await output.WriteLineAsync($"Not in it, because it lies elsewhere: {elsewhere}");
            return 0;
        }
        catch (BackupException e)
        {
            await given.Console.Error.WriteLineAsync($"jarvis: there is no backup: {e.Message}");
            return Verbs.Failed;
        }
    }

    public static async Task<int> RestoreAsync(Given given, CancellationToken cancellationToken)
    {
        var data = Settings.Data(Settings.Of(given));
        try
        {
            var (manifest, aside) = await new Restore(data, Settings.Schemas(given), TimeProvider.System).RunAsync(given.Words[0], given.Flags.ContainsKey("--replace"), cancellationToken);
            await given.Console.Output.WriteLineAsync($"{data.Path} is as it was at {manifest.MadeAt:u}: {manifest.Files.Count} files, made by version {manifest.Product}.");
            if (aside is not null) await given.Console.Output.WriteLineAsync($"What was there before lies in {aside}.");
            return 0;
        }
        catch (BackupException e)
        {
            await given.Console.Error.WriteLineAsync($"jarvis: nothing is restored: {e.Message}");
            return Verbs.Failed;
        }
    }

    private static IEnumerable<string> Elsewhere(IConfiguration configuration, DataFolder data)
    {
        var clusters = configuration.GetSection("Clusters").Get<List<ClusterOptions>>() ?? [];
        (string Key, string? File)[] named =
        [
            ("Auth:AdminPasswordFile", configuration["JARVIS_ADMIN_PASSWORD_FILE"] ?? configuration["Auth:AdminPasswordFile"]),
            ("Tls:CertificateFile", configuration["Tls:CertificateFile"]), ("Tls:KeyFile", configuration["Tls:KeyFile"]),
            .. clusters.SelectMany((c, i) => new (string, string?)[] { ($"Clusters:{i}:TokenFile", c.TokenFile), ($"Clusters:{i}:CaFile", c.CaFile) }),
        ];
        return from one in named
               where !string.IsNullOrEmpty(one.File)
               let path = Path.GetFullPath(one.File)
               where !path.StartsWith(data.Path + Path.DirectorySeparatorChar, StringComparison.Ordinal)
               select $"{path} ({one.Key})";
    }
}
