using System.Text.Json;

namespace Abm.Local.Azurite;

/// <summary>What runs inside Azurite before its first line.</summary>
internal static class AzuritePreload
{
    // Ctrl-C reaches every process of the terminal, but storage has to outlive the app that drains into it; so Azurite stops when it is told to on its
    // standard input. From the first moment: it listens before it says what it does about signals. A reader that is gone must not end it either.
    private const string Lifetime = """
        process.stdout.on('error', () => {}); process.stderr.on('error', () => {});
        process.on('SIGINT', () => {});
        const once = process.once; process.once = (name, listener) => name === 'SIGINT' ? process : once.call(process, name, listener);
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

    // A row is looked for among all rows of its partition, one by one, each time it is read or written: with twenty thousand rows in a partition a write takes
    // milliseconds in which nothing else is answered. Here every row is known by its two keys. The collection itself stays the truth: what it does with rows is heard
    // of, and where the number of rows or the row itself does not agree, it is asked as before.
    private const string Lookup = """
        const { Collection } = createRequire(script)('lokijs');
        const scan = Collection.prototype.findOne;
        const known = new WeakMap();
        const keyOf = row => row.PartitionKey.length + '|' + row.PartitionKey + row.RowKey;
        const isRow = row => typeof row?.PartitionKey === 'string' && typeof row.RowKey === 'string';
        const learn = collection => {
          const rows = new Map();
          const each = act => some => { for (const row of Array.isArray(some) ? some : [some]) if (isRow(row)) act(keyOf(row), row); };
          for (const row of collection.data) if (isRow(row)) rows.set(keyOf(row), row);
          collection.on('insert', each((key, row) => rows.set(key, row)));
          collection.on('update', each((key, row) => rows.set(key, row)));
          collection.on('delete', each(key => rows.delete(key)));
          known.set(collection, rows);
          return rows;
        };
        Collection.prototype.findOne = function (query) {
          if (!isRow(query) || Object.keys(query).length !== 2 || !this.binaryIndices?.PartitionKey || this.asyncListeners) return scan.call(this, query);
          const rows = known.get(this) ?? learn(this);
          if (rows.size !== this.data.length) return scan.call(this, query);
          const row = rows.get(keyOf(query));
          if (row === undefined) return null;
          return isRow(row) && keyOf(row) === keyOf(query) && this.get(row.$loki) === row ? row : scan.call(this, query);
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
        try {
        {{Lookup}}
        } catch {}
        """;
}
