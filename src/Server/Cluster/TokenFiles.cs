using Jarvis.Server.Persistence;

namespace Jarvis.Server.Cluster;

/// <summary>The API tokens of added clusters: a file each under <c>clusters/</c> in the data folder, for the owner alone.</summary>
internal sealed class TokenFiles(DataFolder folder)
{
    public string PathOf(string key) => Path.Combine(folder.File("clusters"), $"{key}.token");

    /// <summary>Writes the file whole or not at all, over the one before.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public void Write(string key, string token)
    {
        var file = PathOf(key);
        folder.Ensure();
        new DataFolder(folder.File("clusters")).Ensure();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var temporary = $"{file}.{Guid.NewGuid():N}.new";
        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(System.Text.Encoding.UTF8.GetBytes(token));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes the file over the one before, which comes back when the result is disposed without being kept.</summary>
    /// <exception cref="IOException">It cannot be written; nothing changed.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written; nothing changed.</exception>
    public TokenSwap Replace(string key, string token)
    {
        var file = PathOf(key);
        // A copy now, for a disk that is full by then has no room for it; to put it back takes none.
        var swap = new TokenSwap(file, File.Exists(file) ? $"{file}.{Guid.NewGuid():N}.new" : null);
        try
        {
            if (swap.Before is { } before) File.Copy(file, before);
            Write(key, token);
            return swap;
        }
        catch
        {
            swap.Keep();
            throw;
        }
    }

    public void Remove(string key)
    {
        File.Delete(PathOf(key));
        Sweep($"{key}.token.*.new");
    }

    /// <summary>Deletes what a change left behind that was killed; only for the server that has the folder to itself, and before it
    /// changes anything.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be deleted.</exception>
    public void Sweep() => Sweep("*.token.*.new");

    private void Sweep(string pattern)
    {
        if (!Directory.Exists(folder.File("clusters"))) return;
        foreach (var file in Directory.EnumerateFiles(folder.File("clusters"), pattern)) File.Delete(file);
    }
}

/// <summary>A token in the place of another, until what goes with it is stored too.</summary>
internal sealed class TokenSwap(string file, string? before) : IDisposable
{
    private bool _settled;

    /// <summary>Where the one before lies; null when there was none.</summary>
    public string? Before => before;

    public void Keep()
    {
        _settled = true;
        if (before is not null) File.Delete(before);
    }

    public void Dispose()
    {
        if (_settled) return;
        _settled = true;
        if (before is null) File.Delete(file);
        else File.Move(before, file, overwrite: true);
    }
}
