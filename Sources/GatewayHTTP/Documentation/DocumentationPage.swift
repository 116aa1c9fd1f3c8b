/// A page that shows `/openapi.json` to people. It loads nothing from anywhere else and writes no text as markup.
enum DocumentationPage {
    static let html = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>jimeng API</title>
        <style>
        :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
        h2 { margin: 2.5rem 0 .5rem; font-size: 1.1rem; }
        details { border: 1px solid var(--line); border-radius: .5rem; margin: .4rem 0; }
        summary { cursor: pointer; padding: .5rem .8rem; display: flex; gap: .8rem; flex-wrap: wrap; }
        summary code { font-weight: 600; }
        .method { min-width: 4rem; font: 600 .8rem/1.9 ui-monospace, monospace; text-transform: uppercase; opacity: .75; }
        .about { opacity: .75; }
        .body { padding: 0 .8rem .8rem; overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
        pre { padding: .7rem; border: 1px solid var(--line); border-radius: .4rem; overflow-x: auto; }
        </style>
        </head>
        <body>
        <h1>jimeng API</h1>
        <p id="about">Loading <a href="/openapi.json">openapi.json</a> …</p>
        <pre>curl http://localhost:5100/v1/images/generations \
          -H 'Authorization: Bearer sandbox-demo' -H 'Content-Type: application/json' \
          -d '{"model": "jimeng-4.5", "prompt": "a lighthouse at dusk", "n": 1}'</pre>
        <main id="operations"></main>
        <script>
        const make = (name, text, parent) => {
          const element = document.createElement(name);
          if (text) element.textContent = text;
          if (parent) parent.append(element);
          return element;
        };
        const table = (head, rows, parent) => {
          const element = make('table', '', parent), line = make('tr', '', make('thead', '', element));
          for (const name of head) make('th', name, line);
          const body = make('tbody', '', element);
          for (const row of rows) {
            const line = make('tr', '', body);
            for (const cell of row) make('td', cell, line);
          }
        };
        const type = schema => schema.$ref ? schema.$ref.split('/').pop()
          : schema.enum ? schema.enum.join(', ')
          : Array.isArray(schema.type) ? schema.type.join(' or ')
          : schema.type === 'array' ? type(schema.items) + ', several'
          : schema.oneOf ? schema.oneOf.map(type).join(' or ')
          : schema.allOf ? schema.allOf.map(type).join(' and ')
          : (schema.type || (schema.const !== undefined ? String(schema.const) : 'any'))
            + (schema.minimum !== undefined ? ' ' + schema.minimum + ' to ' + schema.maximum : '');
        fetch('/openapi.json').then(answer => answer.json()).then(api => {
          document.getElementById('about').textContent = api.info.summary + ' ' + api.info.description;
          const find = reference => reference.slice(2).split('/').reduce((at, name) => at[name], api);
          const groups = new Map();
          for (const [path, operations] of Object.entries(api.paths))
            for (const [method, operation] of Object.entries(operations)) {
              const tag = operation.tags[0];
              if (!groups.has(tag)) groups.set(tag, []);
              groups.get(tag).push([path, method, operation]);
            }
          const main = document.getElementById('operations');
          for (const [tag, operations] of groups) {
            make('h2', tag, main);
            for (const [path, method, operation] of operations) {
              const details = make('details', '', main), summary = make('summary', '', details);
              make('span', method, summary).className = 'method';
              make('code', path, summary);
              make('span', operation.summary + (operation.security ? ' (no key)' : ''), summary).className = 'about';
              const body = make('div', '', details);
              body.className = 'body';
              const parameters = (operation.parameters || []).map(one => one.$ref ? find(one.$ref) : one);
              if (parameters.length)
                table(['parameter', 'in', 'type', ''],
                  parameters.map(one => [one.name, one.in, type(one.schema), one.description]), body);
              const content = operation.requestBody && operation.requestBody.content['application/json'];
              if (content) {
                const schema = find(content.schema.$ref), required = schema.required || [];
                table(['field', 'type', 'default', ''], Object.entries(schema.properties).map(([name, field]) =>
                  [name + (required.includes(name) ? ' *' : ''), type(field),
                   field.default === undefined ? '' : String(field.default), field.description || '']), body);
              }
            }
          }
        }).catch(error => { document.getElementById('about').textContent = String(error); });
        </script>
        </body>
        </html>
        """#
}
