using System.Text;
using Ferry.Fixup.Guests.Linux.Initrd;
using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>The configuration that an initial RAM disk has copied from the root, edited as the root's is: there it counts first.</summary>
internal static class InitramfsConfiguration
{
    /// <summary>Files that must be other than they are, with their new content.</summary>
    public static Dictionary<string, byte[]> Edit(RuleContext context, InitrdContents contents)
    {
        var modules = ModuleBlocklistRule.ModulesFor(context);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (path, text) in contents.Texts.Where(t => t.Key is not InitrdContents.LvmDevices and not InitrdContents.LvmConfiguration))
        {
            Take(path, path == InitrdContents.ResumeFile ? ResumeEditor.Edit(text, path, context.Devices) : ModuleBlocklistEditor.Configuration(text, modules));
        }

        // Nothing can be taken out of an initial RAM disk by adding to it, so a stale list of devices is switched off.
        var stale = contents.Texts.TryGetValue(InitrdContents.LvmDevices, out var list) && LvmDevicesFileRule.IsStale(list);
        var lvm = contents.Texts.GetValueOrDefault(InitrdContents.LvmConfiguration, "");
        var widened = LvmConfEditor.WidenFilters(lvm);
        var last = stale ? LvmConfEditor.WithoutDevicesFile(widened.Text) : widened;
        Take(InitrdContents.LvmConfiguration, last with { Changes = [.. widened.Changes, .. last.Changes] });
        return files;

        void Take(string path, TextEdit edit)
        {
            if (edit.Changes.Count > 0)
            {
                files[path] = Encoding.Latin1.GetBytes(edit.Text);
            }
        }
    }
}
