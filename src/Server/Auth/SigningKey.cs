using System.Security.Cryptography;

namespace Jarvis.Server.Auth;

/// <summary>The 32 bytes that sign access tokens, made at first start and kept in the data folder for the owner alone.</summary>
public sealed class SigningKey
{
    private const int Size = 32;
    private readonly byte[] _key;

    private SigningKey(byte[] key) => _key = key;

    public static SigningKey At(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        if (!File.Exists(file)) Create(file);
        var key = File.ReadAllBytes(file);
        if (key.Length != Size)
        {
            throw new InvalidDataException($"{file} holds {key.Length} bytes, not {Size}. Delete it to have a new one made; everybody then signs in again.");
        }

        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
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
