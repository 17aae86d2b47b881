using Jarvis.Server.Persistence;
using Microsoft.Data.Sqlite;

namespace Jarvis.Server.Events;

/// <summary>Walks the chain from outside the server.</summary>
internal static class EventCheck
{
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The key is gone, or is none.</exception>
    /// <exception cref="OperationCanceledException">It takes longer.</exception>
    public static VerifyResult Verify(DataFolder folder, CancellationToken cancellationToken)
    {
        var key = folder.File("events.key");
        if (!File.Exists(key)) throw new InvalidDataException("events.key is gone; without it nobody can tell whether the events are as they were written.");
        var file = new SqliteFile(folder.File("events.db"), TimeProvider.System);
        try
        {
            using var connection = file.OpenReader();
            return new EventVerifier(connection).Verify(ChainKey.Load(key), cancellationToken);
        }
        finally
        {
            file.ForgetReaders();
        }
    }
}
