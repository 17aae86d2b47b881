using Microsoft.Extensions.Options;

namespace Jarvis.Server.Persistence;

/// <summary>The folder that holds every file the server keeps; readable by its owner alone.</summary>
public sealed class DataFolder(string path)
{
    public string Path { get; } = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes the folder (mode 700) if it is not there.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made.</exception>
    public void Ensure()
    {
        if (Directory.Exists(Path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path);
        else Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Keeps every other server out of the folder until disposed, the death of this process included.</summary>
    /// <exception cref="OptionsValidationException">Another server is in it.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public IDisposable Occupy()
    {
        Ensure();
        try
        {
            return new FileStream(File(InUse), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is WouldBlock or SharingViolation)
        {
            throw new OptionsValidationException("Data", typeof(DataOptions),
                [$"Data:Folder: another server is using {Path}; stop it, or give this one a folder of its own."]);
        }
    }

    internal const string InUse = "in-use";
    private const int WouldBlock = 11;
    private const int SharingViolation = unchecked((int)0x80070020);
}
