using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Persistence;

/// <summary>Copies everything in the data folder into one archive, while the server writes.</summary>
public sealed class Backup(DataFolder folder, TimeProvider time)
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="target">The archive; it must not exist. Given a folder, a name with the time is made in it.</param>
    /// <param name="product">The program's version.</param>
    /// <param name="cancellationToken">Leaves nothing behind.</param>
    /// <returns>Where it lies and what is in it.</returns>
    /// <exception cref="BackupException">It cannot be made.</exception>
    public async Task<(string File, BackupManifest Manifest)> MakeAsync(string target, string product, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder.Path)) throw new BackupException($"there is no data folder {folder.Path}; --data DIR names it.");
        var now = time.GetUtcNow();
        target = Path.GetFullPath(target);
        if (Directory.Exists(target)) target = Path.Combine(target, string.Create(CultureInfo.InvariantCulture, $"jarvis-{now:yyyyMMdd-HHmmss}.tar.gz"));
        if (File.Exists(target)) throw new BackupException($"{target} is there already; name another file, or a folder.");
        if (Path.GetRelativePath(folder.Path, target) is var inside && !inside.StartsWith("..", StringComparison.Ordinal) && inside != target)
            throw new BackupException($"{target} lies in the data folder itself; name a file elsewhere.");

        if (!Directory.Exists(Path.GetDirectoryName(target))) throw new BackupException($"there is no folder {Path.GetDirectoryName(target)}; make it, or name another.");
        var draft = $"{target}.{Guid.NewGuid():N}";
        var stage = $"{draft}.d";
        try
        {
            MakeFolder(stage);
            var (files, tables) = Copy(stage, cancellationToken);
            if (files.Count == 0) throw new BackupException($"{folder.Path} is empty; --data DIR names the data folder.");
            var manifest = new BackupManifest(BackupManifest.CurrentFormat, product, now, files, tables);
            await WriteAsync(draft, stage, manifest, cancellationToken);
            File.Move(draft, target, overwrite: false);
            return (target, manifest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new BackupException($"{e.Message}");
        }
        finally
        {
            File.Delete(draft);
            if (Directory.Exists(stage)) Directory.Delete(stage, recursive: true);
        }
    }

    // One by one, because the mode is given to the last alone.
    internal static void MakeFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (Path.GetDirectoryName(path) is { Length: > 0 } parent) MakeFolder(parent);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
    }

    private (List<BackupFile> Files, SortedDictionary<string, IReadOnlyDictionary<string, long>> Tables) Copy(string stage, CancellationToken cancellationToken)
    {
        var files = new List<BackupFile>();
        var tables = new SortedDictionary<string, IReadOnlyDictionary<string, long>>(StringComparer.Ordinal);
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", all).Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Path.GetRelativePath(folder.Path, file).Replace(Path.DirectorySeparatorChar, '/');
            if (path == DataFolder.InUse || IsPassing(path)) continue;
            var copy = Path.Combine(stage, path);
            MakeFolder(Path.GetDirectoryName(copy)!);
            try
            {
                if (!DatabaseCopy.IsDatabase(file)) CopyPlain(file, copy);
                else
                {
                    DatabaseCopy.Make(file, copy);
                    if (DatabaseCopy.Damage(copy) is { } damage) throw new BackupException($"{file} is damaged ({damage}); 'jarvis doctor' says more. Nothing was written.");
                    tables[path] = DatabaseCopy.Versions(copy);
                }
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // It was on its way: written under another name and moved, or removed.
                continue;
            }

            using var stream = File.OpenRead(copy);
            var mode = OperatingSystem.IsWindows() ? Owner : File.GetUnixFileMode(file);
            files.Add(new(path, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)), Convert.ToString((int)mode & 0x1FF, 8).PadLeft(3, '0')));
        }

        return (files, tables);
    }

    private static bool IsPassing(string path) =>
        path.EndsWith("-wal", StringComparison.Ordinal) || path.EndsWith("-shm", StringComparison.Ordinal)
        || path.EndsWith("-journal", StringComparison.Ordinal) || path.EndsWith(".new", StringComparison.Ordinal);

    private static void CopyPlain(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write);
        source.CopyTo(target);
    }

    private static async Task WriteAsync(string draft, string stage, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        await using var file = new FileStream(draft, options);
        await using (var packed = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
        await using (var tar = new TarWriter(packed, TarEntryFormat.Pax))
        {
            using var head = new MemoryStream(manifest.ToBytes());
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, BackupManifest.Name) { DataStream = head, Mode = Owner, ModificationTime = manifest.MadeAt }, cancellationToken);
            foreach (var one in manifest.Files)
            {
                await using var data = File.OpenRead(Path.Combine(stage, one.Path));
                await tar.WriteEntryAsync(
                    new PaxTarEntry(TarEntryType.RegularFile, $"data/{one.Path}") { DataStream = data, Mode = one.Permissions, ModificationTime = manifest.MadeAt }, cancellationToken);
            }
        }

        file.Flush(flushToDisk: true);
    }
}
