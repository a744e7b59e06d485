import './base.css';
import './sidebar.css';
import './catalogs.css';
import './editor.css';
import './panel.css';
import './output.css';
import './componentize.css';
import './tryit.css';
