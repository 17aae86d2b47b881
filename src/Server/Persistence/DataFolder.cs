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
            var occupied = new FileStream(File(InUse), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // Made by the server, so that a copy made by another user need not make one that the server cannot open.
            if (!System.IO.File.Exists(File(Changing))) System.IO.File.WriteAllBytes(File(Changing), []);
            return occupied;
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new OptionsValidationException("Data", typeof(DataOptions),
                [$"Data:Folder: another server is using {Path}; stop it, or give this one a folder of its own."]);
        }
    }

    /// <summary>Whether a server is in the folder; looks for a moment only, and hinders none that starts.</summary>
    public bool IsOccupied()
    {
        try
        {
            using var shared = new FileStream(File(InUse), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException e)
        {
            return IsHeld(e);
        }
    }

    /// <summary>Begins a change of <c>jarvis.db</c> and of a file that goes with what is in it. One such change, or one copy of
    /// both, is under way at a time, whichever process makes it: a copy holds neither half of a change.</summary>
    /// <exception cref="IOException">It is still held by another after some seconds, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be opened.</exception>
    public Task<IDisposable?> ChangeAsync(CancellationToken cancellationToken) =>
        HoldAsync(FileMode.OpenOrCreate, FileAccess.ReadWrite, TimeSpan.FromSeconds(10), cancellationToken);

    /// <summary>As above, for who only reads. Null when no server ever was in the folder.</summary>
    /// <exception cref="IOException">It is still held by another after some seconds, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be opened.</exception>
    internal Task<IDisposable?> StandStillAsync(CancellationToken cancellationToken) =>
        HoldAsync(FileMode.Open, FileAccess.Read, TimeSpan.FromSeconds(30), cancellationToken);

    private async Task<IDisposable?> HoldAsync(FileMode mode, FileAccess access, TimeSpan longest, CancellationToken cancellationToken)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(File(Changing), mode, access, FileShare.None);
            }
            catch (FileNotFoundException)
            {
                return null;
            }
            catch (IOException e) when (IsHeld(e) && System.Diagnostics.Stopwatch.GetElapsedTime(began) < longest)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
            }
        }
    }

    /// <summary>Whether a file says something of the running processes alone, and nothing worth a copy.</summary>
    internal static bool IsLock(string name) => name is InUse or Changing;

    private static bool IsHeld(IOException e) => e.HResult is WouldBlock or SharingViolation;

    private const string InUse = "in-use";
    private const string Changing = "changing";
    private const int WouldBlock = 11;
    private const int SharingViolation = unchecked((int)0x80070020);
}
