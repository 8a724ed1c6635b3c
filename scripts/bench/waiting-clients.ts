/** Holds streams open until it is ended; says so to its parent when all have begun. */
import { once } from 'node:events'
import { request } from 'node:http'

const [url = '', count = '0'] = process.argv.slice(2)

for (let stream = 0; stream < Number(count); stream += 1) {
  const asked = request(`${url}/api/v1/events`, { headers: { 'holdpoint-as': 'ines' } })
  asked.end()
  const [response] = await once(asked, 'response')
  if (response.statusCode !== 200) throw new Error(`a stream was refused: ${response.statusCode}`)
  response.resume()
}
process.send?.('all wait')
