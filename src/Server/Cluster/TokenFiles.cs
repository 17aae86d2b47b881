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
        var temporary = $"{file}.{Guid.NewGuid():N}";
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

    public void Remove(string key) => File.Delete(PathOf(key));
}
