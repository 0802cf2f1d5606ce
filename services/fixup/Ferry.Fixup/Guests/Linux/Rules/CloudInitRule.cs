using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>
/// cloud-init takes the moved machine for a new one: it would write the network anew, make new host keys and wait for a metadata service. So it leaves network, name and keys
/// alone, and does not run at all where no service could answer it.
/// </summary>
public sealed class CloudInitRule : IFixupRule
{
    // Read last of all, so that an installer's file does not count more.
    private const string Settings = "/etc/cloud/cloud.cfg.d/zz-ferry.cfg";
    private const string Disabled = "/etc/cloud/cloud-init.disabled";
    private const string Keep = "# Made by ferry: this machine was moved, it is not a new one.\nnetwork: {config: disabled}\npreserve_hostname: true\nssh_deletekeys: false\n";

    /// <inheritdoc/>
    public string Id => "linux-cloud-init";

    /// <inheritdoc/>
    public bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.Handles(guest, target);

    /// <inheritdoc/>
    public async Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken)
    {
        if (!await context.Tree.IsFileAsync("/etc/cloud/cloud.cfg", cancellationToken))
        {
            return new RulePlan { Rule = Id, Reason = "cloud-init is not installed." };
        }

        var azure = context.Target.Platform == "azure";
        var edits = new List<GuestEdit?>
        {
            await OwnFile.PlanAsync(context, Id, Settings, Keep + (azure ? "datasource_list: [ Azure, None ]\n" : ""), OwnFile.Readable, "network, name and host keys are left alone", cancellationToken),
        };
        if (!azure && await context.Tree.ResolveAsync(Disabled, followLast: false, cancellationToken) is null)
        {
            edits.Add(await OwnFile.PlanAsync(context, Id, Disabled, "Made by ferry: no metadata service answers on this platform.\n", OwnFile.Readable, "cloud-init does not run", cancellationToken));
        }

        var real = edits.OfType<GuestEdit>().ToList();
        return new RulePlan { Rule = Id, Reason = real.Count > 0 ? "cloud-init would take the moved machine for a new one." : "cloud-init leaves the machine alone.", Edits = real };
    }
}
