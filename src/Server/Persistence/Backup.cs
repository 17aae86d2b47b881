using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.IO.Enumeration;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Persistence;

/// <summary>Copies everything in the data folder into one archive, while the server writes.</summary>
public sealed class Backup(DataFolder folder, TimeProvider time)
{
    private const string Ending = ".tar.gz";
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="target">The archive; it must not exist. Given a folder, a name with the time is made in it.</param>
    /// <param name="product">The program's version.</param>
    /// <param name="cancellationToken">Leaves nothing behind.</param>
    /// <returns>Where it lies, what is in it, and the links of the folder, which are not.</returns>
    /// <exception cref="BackupException">It cannot be made.</exception>
    public async Task<(string File, BackupManifest Manifest, IReadOnlyList<string> Links)> MakeAsync(string target, string product, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder.Path)) throw new BackupException($"there is no data folder {folder.Path}; --data DIR names it.");
        var now = time.GetUtcNow();
        target = Path.GetFullPath(target);
        if (Directory.Exists(target)) target = Path.Combine(target, string.Create(CultureInfo.InvariantCulture, $"jarvis-{now:yyyyMMdd-HHmmss}{Ending}"));
        if (File.Exists(target)) throw new BackupException($"{target} is there already; name another file, or a folder.");
        if (Path.GetRelativePath(folder.Path, target) is var inside && !inside.StartsWith("..", StringComparison.Ordinal) && inside != target)
            throw new BackupException($"{target} lies in the data folder itself; name a file elsewhere.");

        if (!target.EndsWith(Ending, StringComparison.Ordinal)) throw new BackupException($"{target} is no folder, and as a file its name must end in {Ending}; make the folder, or name such a file.");
        if (!Directory.Exists(Path.GetDirectoryName(target))) throw new BackupException($"there is no folder {Path.GetDirectoryName(target)}; make it, or name another.");
        var draft = $"{target}.{Guid.NewGuid():N}";
        var stage = $"{draft}.d";
        try
        {
            MakeFolder(stage);
            var (files, tables) = await CopyAsync(stage, cancellationToken);
            if (files.Count == 0) throw new BackupException($"{folder.Path} is empty; --data DIR names the data folder.");
            var manifest = new BackupManifest(BackupManifest.CurrentFormat, product, now, files, tables);
            await WriteAsync(draft, stage, manifest, cancellationToken);
            File.Move(draft, target, overwrite: false);
            return (target, manifest, [.. Entries(links: true).Select(folder.File)]);
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

    // What people set and the files that go with it are copied as they were at one moment. What grows by itself stands
    // alone and may be long: changes go on while it is copied.
    private async Task<Copied> CopyAsync(string stage, CancellationToken cancellationToken)
    {
        var copied = new Copied([], new(StringComparer.Ordinal));
        var alone = new List<string>();
        using (await folder.StandStillAsync(cancellationToken))
        {
            foreach (var path in Entries(links: false).Where(p => !DataFolder.IsLock(p) && !IsPassing(p))) Copy(path, path == AppDb.Name ? null : alone);
        }

        foreach (var path in alone) Copy(path, null);
        copied.Files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return copied;

        void Copy(string path, List<string>? later)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (later is not null && DatabaseCopy.IsDatabase(folder.File(path))) later.Add(path);
                else copied.Files.Add(CopyOne(path, stage, copied.Tables));
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // It was on its way: written under another name and moved, or removed.
            }
        }
    }

    private BackupFile CopyOne(string path, string stage, SortedDictionary<string, IReadOnlyDictionary<string, long>> tables)
    {
        var (file, copy) = (folder.File(path), Path.Combine(stage, path));
        MakeFolder(Path.GetDirectoryName(copy)!);
        if (!DatabaseCopy.IsDatabase(file))
        {
            CopyPlain(file, copy);
        }
        else
        {
            DatabaseCopy.Make(file, copy);
            if (DatabaseCopy.Damage(copy) is { } damage) throw new BackupException($"{file} is damaged ({damage}); 'jarvis doctor' says more. Nothing was written.");
            tables[path] = DatabaseCopy.Versions(copy);
        }

        using var stream = File.OpenRead(copy);
        var mode = OperatingSystem.IsWindows() ? Owner : File.GetUnixFileMode(file);
        return new(path, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)), Convert.ToString((int)mode & 0x1FF, 8).PadLeft(3, '0'));
    }

    /// <summary>The files, or the links in their stead, relative and in order; no link is followed.</summary>
    private IEnumerable<string> Entries(bool links) => new FileSystemEnumerable<string>(
        folder.Path,
        (ref FileSystemEntry entry) => Path.GetRelativePath(folder.Path, entry.ToFullPath()).Replace(Path.DirectorySeparatorChar, '/'),
        new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => IsLink(ref entry) == links && (links || !entry.IsDirectory),
        ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
    }.Order(StringComparer.Ordinal);

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

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

    private sealed record Copied(List<BackupFile> Files, SortedDictionary<string, IReadOnlyDictionary<string, long>> Tables);
}
