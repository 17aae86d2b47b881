using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Jarvis.Server.Auth;
using Jarvis.Server.Hosting;

namespace Jarvis.Architecture;

public sealed class ConfigurationPageTests
{
    private static readonly IReadOnlyList<SettingsClass> Classes = SettingsClass.In(typeof(AuthOptions).Assembly);

    [Fact]
    public void The_page_matches_the_options_classes() => Golden.Matches("../../docs/configuration.md", ConfigurationPage.For(Classes));

    [Fact]
    public void Every_setting_says_what_it_is() =>
        Assert.Empty(
            from settings in Classes
            from name in SettingsClass.Properties(settings.Type).Select(p => $"P:{settings.Type.FullName}.{p.Name}").Append($"T:{settings.Type.FullName}")
            where ConfigurationPage.Summary(settings.Type.Assembly, name).Length == 0
            select name);
}

/// <summary>Writes the options classes as a page for operators.</summary>
internal static partial class ConfigurationPage
{
    private const string Head = """
        # Configuration

        Generated from the options classes by `make gen`. Do not edit.

        Each setting can stand in `appsettings.json` beside the program, in an environment variable `Jarvis__…` (a colon
        becomes two underscores), or on the command line as `--Key=value`; the later wins (`--port`, `--data` and `--web` are short for
        `Server:Port`, `Data:Folder` and `Web:Root`). Lists count from 0
        (`Server:AllowedHosts:0`). Everything is checked at start: a value that cannot be used ends the program with exit
        code 78 and a line that names the key and what it takes; a key that does not exist is warned about.
        `JARVIS_ADMIN_PASSWORD_FILE` names the file with the administrator's password and wins over `Auth:AdminPasswordFile`.

        """;

    public static string For(IEnumerable<SettingsClass> classes)
    {
        var page = new StringBuilder(Head);
        foreach (var settings in classes)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {settings.Section}\n\n{Summary(settings.Type.Assembly, $"T:{settings.Type.FullName}")}\n\n");
            page.Append("| Key | Default | Takes | |\n|---|---|---|---|\n");
            var defaults = Activator.CreateInstance(settings.Type)!;
            foreach (var property in SettingsClass.Properties(settings.Type))
            {
                var key = $"{settings.Section}{(settings.Many ? ":0" : "")}:{property.Name}";
                var meaning = Summary(settings.Type.Assembly, $"P:{property.DeclaringType!.FullName}.{property.Name}");
                page.Append(CultureInfo.InvariantCulture, $"| `{key}` | {Default(property, defaults)} | {Cell(Legal.For(property))} | {Cell(meaning)} |\n");
            }
        }

        return page.ToString();
    }

    public static string Summary(Assembly assembly, string member)
    {
        var file = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));
        var summary = file.Descendants("member").FirstOrDefault(m => m.Attribute("name")?.Value == member)?.Element("summary");
        if (summary is null) return "";
        foreach (var code in summary.Descendants("c").ToList()) code.ReplaceWith($"`{code.Value}`");
        foreach (var see in summary.Descendants().ToList()) see.ReplaceWith($"`{see.Attribute("cref")?.Value.Split('.')[^1] ?? see.Value}`");
        return Blanks().Replace(summary.Value, " ").Trim();
    }

    private static string Default(PropertyInfo property, object defaults) => property.GetValue(defaults) switch
    {
        null or "" => "–",
        bool value => value ? "`true`" : "`false`",
        System.Collections.IEnumerable list and not string => list.Cast<object>().Any() ? $"`{string.Join(", ", list.Cast<object>())}`" : "–",
        IFormattable value => $"`{value.ToString(null, CultureInfo.InvariantCulture)}`",
        var value => $"`{value}`",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
