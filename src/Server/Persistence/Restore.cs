using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Persistence;

/// <summary>Puts a backup in the place of the data folder: all of it, or nothing is touched.</summary>
/// <param name="folder">Where it is to lie.</param>
/// <param name="known">The tables that this program knows, to refuse those of a newer one.</param>
/// <param name="time">Names the folder that is put aside.</param>
public sealed class Restore(DataFolder folder, IReadOnlyList<Schema> known, TimeProvider time)
{
    private const int ManifestLimit = 64 * 1024 * 1024;

    /// <param name="archive">What a backup made.</param>
    /// <param name="replace">Whether a folder that is not empty is put aside; else it is refused.</param>
    /// <param name="cancellationToken">Leaves the folder as it is.</param>
    /// <returns>What was restored, and where the folder of before now lies, if there was one.</returns>
    /// <exception cref="BackupException">It cannot be used, or a server is using the folder.</exception>
    public async Task<(BackupManifest Manifest, string? Aside)> RunAsync(string archive, bool replace, CancellationToken cancellationToken)
    {
        var stage = $"{folder.Path}.restoring-{Guid.NewGuid():N}";
        var made = !Directory.Exists(folder.Path);
        try
        {
            // Makes the folder where there is none, so that no server takes it meanwhile.
            using var occupied = Occupy();
            var empty = IsEmpty();
            if (!empty && !replace) throw new BackupException($"{folder.Path} is not empty. --replace puts it aside and restores; nothing in it is deleted.");
            Backup.MakeFolder(stage);
            var manifest = await UnpackAsync(archive, stage, cancellationToken);
            return (manifest, PutInPlace(stage, empty && IsEmpty()));
        }
        catch (InvalidDataException)
        {
            throw new BackupException($"{archive} is no backup of Jarvis, or it is cut off or changed.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(e.Message);
        }
        finally
        {
            if (Directory.Exists(stage)) Directory.Delete(stage, recursive: true);
            if (made && Directory.Exists(folder.Path) && IsEmpty()) Directory.Delete(folder.Path, recursive: true);
        }
    }

    private bool IsEmpty() => Directory.EnumerateFileSystemEntries(folder.Path).All(e => DataFolder.IsLock(Path.GetFileName(e)));

    private IDisposable Occupy()
    {
        try
        {
            return folder.Occupy();
        }
        catch (OptionsValidationException)
        {
            throw new BackupException($"a server is using {folder.Path}; stop it first.");
        }
    }

    private async Task<BackupManifest> UnpackAsync(string archive, string stage, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(archive, FileMode.Open, FileAccess.Read);
        await using var packed = new GZipStream(file, CompressionMode.Decompress);
        await using var tar = new TarReader(packed);
        var manifest = await ReadManifestAsync(tar, archive, cancellationToken);
        foreach (var one in manifest.Files)
        {
            if (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is not { EntryType: TarEntryType.RegularFile } entry || entry.Name != $"data/{one.Path}" || entry.Length != one.Bytes)
                throw new BackupException($"{archive} has no {one.Path} where its manifest says; it is cut off or was changed. Nothing was restored.");
            await UnpackAsync(entry, one, Path.Combine(stage, one.Path), archive, cancellationToken);
        }

        if (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } more)
            throw new BackupException($"{archive} holds {more.Name}, which its manifest does not name. Nothing was restored.");
        return manifest;
    }

    private async Task<BackupManifest> ReadManifestAsync(TarReader tar, string archive, CancellationToken cancellationToken)
    {
        if (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is not { Name: BackupManifest.Name, EntryType: TarEntryType.RegularFile, Length: <= ManifestLimit } entry)
            throw new BackupException($"{archive} is no backup of Jarvis: its first entry is not {BackupManifest.Name}.");
        using var bytes = new MemoryStream();
        if (entry.DataStream is { } stream) await stream.CopyToAsync(bytes, cancellationToken);
        var manifest = BackupManifest.Parse(bytes.ToArray());
        var versions = known.ToDictionary(s => s.Owner, s => s.Steps.Count, StringComparer.Ordinal);
        foreach (var (database, tables) in manifest.Tables)
        {
            foreach (var (owner, version) in tables)
            {
                if (version > versions.GetValueOrDefault(owner, int.MaxValue))
                    throw new BackupException($"{archive} was made by a newer version ({manifest.Product}): the tables of '{owner}' in {database} have version {version}, and this program knows up to {versions[owner]}.");
            }
        }

        return manifest;
    }

    private static async Task UnpackAsync(TarEntry entry, BackupFile expected, string file, string archive, CancellationToken cancellationToken)
    {
        Backup.MakeFolder(Path.GetDirectoryName(file)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var target = new FileStream(file, options))
        {
            if (entry.DataStream is { } data) await data.CopyToAsync(target, cancellationToken);
            target.Flush(flushToDisk: true);
            target.Position = 0;
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(target, cancellationToken));
            if (hash != expected.Sha256) throw new BackupException($"{archive}: {expected.Path} is not what its manifest says; it was changed or damaged. Nothing was restored.");
        }

        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, expected.Permissions);
    }

    private string? PutInPlace(string stage, bool empty)
    {
        var aside = string.Create(CultureInfo.InvariantCulture, $"{folder.Path}.before-{time.GetUtcNow():yyyyMMdd-HHmmss}");
        Directory.Move(folder.Path, aside);
        try
        {
            Directory.Move(stage, folder.Path);
        }
        catch
        {
            Directory.Move(aside, folder.Path);
            throw;
        }

        if (!empty) return aside;
        Directory.Delete(aside, recursive: true);
        return null;
    }
}
