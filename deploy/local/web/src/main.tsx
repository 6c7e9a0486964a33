import { render } from 'preact'
import { LocationProvider } from 'preact-iso'
import '@fontsource-variable/source-sans-3/index.css'
import './style/base.css'
import './style/frame.css'
import './style/parts.css'
import { App } from './app.tsx'

const place = document.querySelector('#app')
if (place !== null) {
  render(
    <LocationProvider>
      <App />
    </LocationProvider>,
    place,
  )
}
