using System.Globalization;
using Jarvis.Safety;

namespace Jarvis.Server.Cli;

/// <summary>Checks the audit where it lies, whether the server runs or not.</summary>
internal static class AuditVerify
{
    public static async Task<int> RunAsync(Given given, CancellationToken cancellationToken)
    {
        var data = Settings.Data(Settings.Of(given));
        try
        {
            var found = AuditTrail.VerifyFolder(data.Path, cancellationToken);
            if (found.Whole)
            {
                await given.Console.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"The audit is whole: {found.Rows} rows, the texts of {found.Removed} deleted."));
                return 0;
            }

            await given.Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"jarvis: the audit is not whole; the first bad row is {found.FirstBad}: {found.Why}"));
        }
        catch (StoreUnavailableException e)
        {
            await given.Console.Error.WriteLineAsync($"jarvis: {e.Message} --data DIR names the data folder.");
        }

        return Verbs.Failed;
    }
}
