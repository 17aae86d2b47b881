using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jarvis.Server.Persistence;

/// <summary>The first entry of a backup: what is in it, and by which version it was made.</summary>
/// <param name="Format">Of the archive; another number is refused.</param>
/// <param name="Product">The program's version.</param>
/// <param name="MadeAt">When the copying began.</param>
/// <param name="Files">Every file, in the order of the archive.</param>
/// <param name="Tables">The version of each feature's tables, by database file.</param>
public sealed record BackupManifest(
    int Format, string Product, DateTimeOffset MadeAt, IReadOnlyList<BackupFile> Files, IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Tables)
{
    public const int CurrentFormat = 1;
    public const string Name = "manifest.json";

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupManifest);

    /// <exception cref="BackupException">It is no manifest, or not of this format.</exception>
    public static BackupManifest Parse(ReadOnlySpan<byte> json)
    {
        BackupManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(json, BackupJson.Default.BackupManifest);
        }
        catch (JsonException e)
        {
            throw new BackupException($"its manifest cannot be read: {e.Message}");
        }

        if (manifest is not { Files: not null, Tables: not null }) throw new BackupException("its manifest is empty.");
        if (manifest.Format != CurrentFormat) throw new BackupException($"it has format {manifest.Format}, and this program reads format {CurrentFormat}; use the version that made it ({manifest.Product}).");
        foreach (var file in manifest.Files) file.ThrowIfUnsafe();
        if (manifest.Files.DistinctBy(f => f.Path, StringComparer.Ordinal).Count() != manifest.Files.Count) throw new BackupException("its manifest names a file twice.");
        return manifest;
    }
}

/// <param name="Path">Relative, with forward slashes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Mode">Its permission bits, octal.</param>
public sealed record BackupFile(string Path, long Bytes, string Sha256, string Mode)
{
    internal UnixFileMode Permissions => (UnixFileMode)(Convert.ToInt32(Mode, 8) & 0x1FF);

    internal void ThrowIfUnsafe()
    {
        if (string.IsNullOrEmpty(Path) || Path.Length > 1000 || Path.StartsWith('/') || Path.Contains('\\', StringComparison.Ordinal) || Path.Contains('\0', StringComparison.Ordinal)
            || Path.Split('/').Any(part => part is "" or "." or "..") || Bytes < 0 || Mode is not { Length: 3 } || Mode.Any(c => c is < '0' or > '7'))
            throw new BackupException($"its manifest names a file that no backup has: '{Path}'.");
    }
}

/// <summary>A backup that cannot be made or used; the message ends a sentence that names it.</summary>
public sealed class BackupException(string message) : Exception(message);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
