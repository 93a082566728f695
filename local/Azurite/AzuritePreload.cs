using System.Text.Json;

namespace Abm.Local.Azurite;

/// <summary>What runs inside Azurite before its first line.</summary>
internal static class AzuritePreload
{
    // Ctrl-C reaches every process of the terminal, but storage has to outlive the app that drains into it; so Azurite stops when it is told to on its
    // standard input. A reader that is gone must not end it either.
    private const string Lifetime = """
        process.stdout.on('error', () => {}); process.stderr.on('error', () => {});
        const once = process.once; process.once = (name, listener) => name === 'SIGINT' ? process.on(name, () => {}) : once.call(process, name, listener);
        process.stdin.on('error', () => {});
        process.stdin.on('data', () => { process.stdin.unref(); process.emit('SIGTERM', 'SIGTERM'); });
        process.stdin.on('end', () => { if (process.env.AZURITE_ENDS_WITH_PARENT === '1') process.exit(0); });
        """;

    // Kept in memory, every queue message leaves a piece of memory, and a sweep once a minute removes them one by one without ever yielding: each removal
    // goes through all of them. After 2,000 messages that is 6 seconds, after 8,000 two minutes, in which no request is answered. Removing them together takes
    // milliseconds. An Azurite that is built differently is left as it is.
    private const string Sweep = """
        const { default: Store } = createRequire(script)('./common/persistence/MemoryExtentStore.js');
        const oneByOne = Store.prototype.deleteExtents;
        Store.prototype.deleteExtents = async function (extents) {
          const ids = new Set(extents);
          const rows = this.metadataStore?.db?.getCollection?.(this.metadataStore.EXTENTS_COLLECTION);
          if (typeof rows?.removeWhere !== 'function') return oneByOne.call(this, ids);
          for (const id of ids) this.chunks.delete(this.categoryName, id);
          rows.removeWhere(row => ids.has(row.id));
          return ids.size;
        };
        """;

    /// <summary>The script for this Azurite.</summary>
    public static string For(AzuritePackage package) => $$"""
        import { createRequire } from 'node:module';
        const script = {{JsonSerializer.Serialize(package.Script)}};
        {{Lifetime}}
        try {
        {{Sweep}}
        } catch {}
        """;
}
