using System.Security.Cryptography;

namespace Jarvis.Server.Auth;

/// <summary>The 32 bytes that sign access tokens, made at first start and kept in the data folder for the owner alone.
/// Where it cannot be kept it lives in memory, and everybody signs in again after a restart.</summary>
public sealed class SigningKey
{
    private const int Size = 32;
    private readonly byte[] _key;

    private SigningKey(byte[] key, string? trouble = null) => (_key, Trouble) = (key, trouble);

    /// <summary>Why the key is only in memory; null when it is kept.</summary>
    public string? Trouble { get; }

    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public static SigningKey At(string file)
    {
        try
        {
            return Kept(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(RandomNumberGenerator.GetBytes(Size), e.Message);
        }
    }

    private static SigningKey Kept(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        if (!File.Exists(file)) Create(file);
        var key = File.ReadAllBytes(file);
        if (key.Length != Size)
        {
            throw new InvalidDataException($"{file} holds {key.Length} bytes, not {Size}. Delete it to have a new one made; everybody then signs in again.");
        }

        if (!OperatingSystem.IsWindows()) Close(file);
        return new(key);
    }

    /// <summary>An HMAC-SHA256 that no other <paramref name="purpose"/> shares.</summary>
    public byte[] Mac(string purpose, params ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(purpose));
        hash.AppendData([0]);
        hash.AppendData(data);
        return hash.GetHashAndReset();
    }

    /// <summary>The key that signs access tokens; derived, so that no other use of the file can make one.</summary>
    public byte[] ForAccessTokens() => Mac("access");

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void Close(string file)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (File.GetUnixFileMode(file) != owner) File.SetUnixFileMode(file, owner);
    }

    private static void Create(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var temporary = $"{file}.{Guid.NewGuid():N}";
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(RandomNumberGenerator.GetBytes(Size));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file, overwrite: false);
    }
}
